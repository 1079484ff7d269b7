import '../../style/base.css';
import '../../style/widget.css';

import React from 'react';

import { BoardView } from '../components/board';
import { type IBoard } from '../types';
import { type IWidgetModel, rendered, untranslated, useTrait } from './live';

function BoardWidget(props: { readonly model: IWidgetModel }): JSX.Element {
  const { model } = props;
  const [board] = useTrait<IBoard>(model, 'board');
  const [sort, setSort] = useTrait<string>(model, 'sort');
  const [selected, select] = useTrait<readonly string[]>(model, 'selected');
  return (
    <BoardView
      board={board}
      sort={sort}
      selected={selected}
      trans={untranslated}
      onSort={setSort}
      onSelect={select}
    />
  );
}

export default rendered(BoardWidget);
