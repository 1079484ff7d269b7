import React, { useMemo } from 'react';

import { type Changes } from '../model/changes';
import { type ISearchWords } from '../model/completion';
import { type Query } from '../model/query';
import { type Resource } from '../model/resource';
import { type ModelTree } from '../model/tree';
import { FRAMEWORKS, STAGES } from '../rules';
import { type IModel } from '../types';
import { type ITranslate } from './props';
import { SearchBox } from './searchbox';
import { useSignal } from './signal';

/** The head of the sidebar: whether the server answers, and the search. */
export function SearchHead(props: {
  readonly query: Query;
  readonly tree: ModelTree;
  readonly changes: Changes;
  readonly stages: Resource<readonly string[]>;
  readonly trans: ITranslate;
}): JSX.Element {
  const { query, tree, changes, trans } = props;
  const value = useSignal(query.changed, () => query.value);
  const state = useSignal(tree.changed, () => tree.state);
  const isOnline = useSignal(changes.onlineChanged, () => changes.isOnline);
  const { items } = tree.models;
  const stages = useSignal(props.stages.changed, () => props.stages.value ?? STAGES);
  const words = useMemo(() => knownWords(items, stages), [items, stages]);
  const error = state.kind === 'failed' && tree.models.filter ? state.message : '';
  return (
    <>
      {!isOnline && (
        <p className="jp-modelmgmt-Offline" role="status">
          {trans.__('The server does not answer. What you see may be old; it is asked again.')}
        </p>
      )}
      <SearchBox
        query={value}
        error={error}
        words={words}
        trans={trans}
        onChange={changes => query.set(changes)}
      />
    </>
  );
}

/** The names and values that the models read so far have. */
function knownWords(models: readonly IModel[], stages: readonly string[]): ISearchWords {
  const versions = models.flatMap(({ latest, newest }) => latest ?? newest ?? []);
  const all = (words: (version: (typeof versions)[number]) => readonly string[]) =>
    [...new Set(versions.flatMap(words))].sort();
  return {
    metrics: all(version => Object.keys(version.metrics ?? {})),
    params: all(version => Object.keys(version.params ?? {})),
    tags: all(version => version.tags ?? []),
    frameworks: [...new Set([...all(version => [version.framework]), ...FRAMEWORKS])],
    stages
  };
}
