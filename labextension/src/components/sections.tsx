import React from 'react';

import { CommandIDs } from '../commands/ids';
import { type PagedList } from '../model/list';
import { type MemoryList } from '../model/memory';
import { type Resource } from '../model/resource';
import { type ILibraryEntry, type IModel } from '../types';
import { LibraryView } from './library';
import { MemoryView } from './memory';
import { ModelList } from './models';
import { type ITranslate, type Run } from './props';
import { useSignal } from './signal';
import { Empty, FetchedView } from './states';

interface ISectionProps {
  readonly trans: ITranslate;
  run: Run;
}

export function ModelsSection(
  props: ISectionProps & {
    readonly list: PagedList<IModel>;
    onMenu: (model: IModel, x: number, y: number) => void;
  }
): JSX.Element {
  const { list, trans, run } = props;
  const state = useSignal(list.changed, () => list.state);
  return (
    <FetchedView state={state} trans={trans} onRetry={() => void list.refresh()}>
      {({ items, hasMore }) =>
        items.length ? (
          <ModelList
            models={items}
            hasMore={hasMore}
            trans={trans}
            onOpen={model => run(CommandIDs.openModel, { model: model.name })}
            onMenu={props.onMenu}
            onMore={() => void list.more()}
          />
        ) : (
          <NoModels search={list.search} trans={trans} />
        )
      }
    </FetchedView>
  );
}

function NoModels(props: { readonly search: string; readonly trans: ITranslate }): JSX.Element {
  const { search, trans } = props;
  if (search) {
    return <Empty title={trans.__('No model matches "%1"', search)} />;
  }
  return (
    <Empty title={trans.__('No models yet')}>
      <p>
        {trans.__(
          'Fit a model in a notebook and register it below, or clone one from the library.'
        )}
      </p>
    </Empty>
  );
}

export function MemorySection(props: ISectionProps & { readonly memory: MemoryList }): JSX.Element {
  const { memory, trans, run } = props;
  const state = useSignal(memory.changed, () => memory.state);
  return (
    <FetchedView state={state} trans={trans} onRetry={() => void memory.refresh()}>
      {value => <MemoryView memory={value} trans={trans} run={run} />}
    </FetchedView>
  );
}

export function LibrarySection(
  props: ISectionProps & { readonly library: Resource<readonly ILibraryEntry[]> }
): JSX.Element {
  const { library, trans, run } = props;
  const state = useSignal(library.changed, () => library.state);
  return (
    <FetchedView state={state} trans={trans} onRetry={() => void library.refresh()}>
      {entries => <LibraryView entries={entries} trans={trans} run={run} />}
    </FetchedView>
  );
}
