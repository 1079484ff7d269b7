import React, { useCallback } from 'react';

import { CommandIDs } from '../commands/ids';
import { type MemoryList } from '../model/memory';
import { hasWords, isExpression, type IQuery, type Query } from '../model/query';
import { type Resource } from '../model/resource';
import { type ModelTree, type TreeRow } from '../model/tree';
import {
  type IDeployment,
  type ILibraryEntry,
  type IMemoryModel,
  type IModel,
  type IVersionSummary
} from '../types';
import { DeploymentRows } from './deploymentrows';
import { LibraryView } from './library';
import { MemoryView } from './memory';
import { ModelTreeView } from './modeltree';
import { type ITranslate, type OpenMenu, type Run } from './props';
import { useSignal } from './signal';
import { Empty, FetchedView } from './states';

interface ISectionProps {
  readonly query: Query;
  readonly trans: ITranslate;
  run: Run;
}

export function ModelsSection(
  props: ISectionProps & {
    readonly tree: ModelTree;
    onMenu: OpenMenu<TreeRow>;
    onDrag: (row: TreeRow, event: MouseEvent) => void;
  }
): JSX.Element {
  const { tree, trans, run } = props;
  const state = useSignal(tree.changed, () => tree.state);
  const rows = useSignal(tree.changed, () => tree.rows);
  const onMore = useCallback(
    (model?: IModel) => (model ? tree.more(model.name) : void tree.models.more()),
    [tree]
  );
  const onOpen = ({ name }: IModel, version?: IVersionSummary) =>
    run(
      CommandIDs.openModel,
      version ? { model: name, version: version.version } : { model: name }
    );
  return (
    <FetchedView
      state={isRefused(tree) ? { kind: 'ready', value: { items: [], hasMore: false } } : state}
      trans={trans}
      onRetry={() => void tree.refresh()}
    >
      {({ hasMore }) =>
        rows.length ? (
          <ModelTreeView
            rows={rows}
            hasMore={hasMore}
            trans={trans}
            onOpen={onOpen}
            onToggle={model => tree.toggle(model.name)}
            onMenu={props.onMenu}
            onDrag={props.onDrag}
            onMore={onMore}
          />
        ) : (
          <NoModels tree={tree} trans={trans} query={props.query.value} />
        )
      }
    </FetchedView>
  );
}

/** Whether the search was not understood: the box says why, and there is nothing to try again. */
function isRefused(tree: ModelTree): boolean {
  return tree.state.kind === 'failed' && tree.models.filter !== '';
}

function NoModels(props: {
  readonly tree: ModelTree;
  readonly query: IQuery;
  readonly trans: ITranslate;
}): JSX.Element {
  const { tree, query, trans } = props;
  if (isRefused(tree)) {
    return <Empty title={trans.__('The search cannot be read yet')} />;
  }
  if (query.text && !isExpression(query.text)) {
    return <Empty title={trans.__('No model matches "%1"', query.text)} />;
  }
  if (tree.models.filter) {
    return <Empty title={trans.__('No version matches the search')} />;
  }
  return (
    <Empty title={trans.__('No models yet')}>
      <p>
        {trans.__(
          'Fit a model in a notebook and register it, or clone one from the library below.'
        )}
      </p>
    </Empty>
  );
}

export function MemorySection(
  props: ISectionProps & { readonly memory: MemoryList; onMenu: OpenMenu<IMemoryModel> }
): JSX.Element {
  const { memory, trans, run } = props;
  const state = useSignal(memory.changed, () => memory.state);
  const query = useQuery(props.query);
  return (
    <FetchedView state={state} trans={trans} onRetry={() => void memory.refresh()}>
      {value => (
        <MemoryView
          memory={value}
          models={value.models.filter(model =>
            hasWords(query, model.variable, model.class_name, model.framework, model.standing ?? '')
          )}
          trans={trans}
          run={run}
          onMenu={props.onMenu}
        />
      )}
    </FetchedView>
  );
}

export function DeploymentsSection(
  props: ISectionProps & {
    readonly deployments: Resource<readonly IDeployment[]>;
    onMenu: OpenMenu<IDeployment>;
  }
): JSX.Element {
  const { deployments, trans, run } = props;
  const state = useSignal(deployments.changed, () => deployments.state);
  const query = useQuery(props.query);
  return (
    <FetchedView state={state} trans={trans} onRetry={() => void deployments.refresh()}>
      {all => (
        <DeploymentRows
          deployments={all.filter(one => hasWords(query, one.name, one.model, one.state))}
          isNarrowed={all.length > 0}
          trans={trans}
          run={run}
          onMenu={props.onMenu}
        />
      )}
    </FetchedView>
  );
}

export function LibrarySection(
  props: ISectionProps & {
    readonly library: Resource<readonly ILibraryEntry[]>;
    onMenu: OpenMenu<ILibraryEntry>;
  }
): JSX.Element {
  const { library, trans, run } = props;
  const state = useSignal(library.changed, () => library.state);
  const query = useQuery(props.query);
  return (
    <FetchedView state={state} trans={trans} onRetry={() => void library.refresh()}>
      {entries => (
        <LibraryView
          entries={entries.filter(entry =>
            hasWords(query, entry.name, entry.title, entry.description, entry.task)
          )}
          isNarrowed={entries.length > 0}
          trans={trans}
          run={run}
          onMenu={props.onMenu}
        />
      )}
    </FetchedView>
  );
}

function useQuery(query: Query): IQuery {
  return useSignal(query.changed, () => query.value);
}
