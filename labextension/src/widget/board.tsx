import '../../style/base.css';
import '../../style/widget.css';

import React, { useRef } from 'react';

import { BoardView } from '../components/board';
import { askToOpen } from '../opening';
import { type IBoard } from '../types';
import { type IWidgetModel, rendered, untranslated, useTrait } from './live';

function BoardWidget(props: { readonly model: IWidgetModel }): JSX.Element {
  const { model } = props;
  const [board] = useTrait<IBoard>(model, 'board');
  const [sort, setSort] = useTrait<string>(model, 'sort');
  const [selected, select] = useTrait<readonly string[]>(model, 'selected');
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place}>
      <BoardView
        board={board}
        sort={sort}
        selected={selected}
        trans={untranslated}
        onSort={setSort}
        onSelect={select}
        onOpen={selector => askToOpen(place.current!, selector)}
      />
    </div>
  );
}

export default rendered(BoardWidget);
