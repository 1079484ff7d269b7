import { Button, filterIcon } from '@jupyterlab/ui-components';
import React, { type KeyboardEvent, useRef, useState } from 'react';

import { complete, type ICompletion } from '../model/completion';
import { errorPlace, errorSentence, filterCount, isExpression } from '../model/query';
import { useUniqueId } from './id';
import { type ISearchBoxProps } from './searchboxprops';
import { SearchFilters } from './searchfilters';

const NOTHING: ICompletion = { from: 0, words: [] };

/** The box for words and searches, with completion, filters and the place of a mistake. */
export function SearchBox(props: ISearchBoxProps): JSX.Element {
  const { query, trans } = props;
  const [areFiltersShown, showFilters] = useState(false);
  const id = useUniqueId();
  const count = filterCount(query);
  return (
    <div className="jp-modelmgmt-Search">
      <div className="jp-modelmgmt-Search-line">
        <SearchInput {...props} />
        <Button
          minimal
          small
          className="jp-modelmgmt-Search-toggle"
          aria-label={
            count ? trans._n('Filters, %1 set', 'Filters, %1 set', count) : trans.__('Filters')
          }
          title={trans.__('Filter by framework, task, stage and tag')}
          aria-expanded={areFiltersShown}
          aria-controls={id}
          data-set={count > 0}
          onClick={() => showFilters(!areFiltersShown)}
        >
          <filterIcon.react tag="span" />
        </Button>
      </div>
      <SearchError {...props} />
      <div id={id} hidden={!areFiltersShown}>
        {areFiltersShown && <SearchFilters {...props} />}
      </div>
    </div>
  );
}

function SearchInput(props: ISearchBoxProps): JSX.Element {
  const { query, words, trans, onChange } = props;
  const id = useUniqueId();
  const input = useRef<HTMLInputElement>(null);
  const [offered, offer] = useState<ICompletion>(NOTHING);
  const [active, setActive] = useState(-1);
  const close = () => {
    offer(NOTHING);
    setActive(-1);
  };
  const look = () => {
    const { value, selectionStart } = input.current!;
    const found = complete(value, selectionStart ?? value.length, words);
    // One letter may be the beginning of any name; more tell a field that is meant.
    offer(value.length > 1 || isExpression(value) ? found : NOTHING);
    setActive(-1);
  };
  const take = (word: string) => {
    const place = input.current?.selectionStart ?? query.text.length;
    const text = query.text.slice(0, offered.from) + word + query.text.slice(place);
    onChange({ text });
    close();
    const end = offered.from + word.length;
    requestAnimationFrame(() => {
      input.current?.setSelectionRange(end, end);
      look();
    });
  };
  const { length } = offered.words;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && length) {
      setActive((active + step + length + (active < 0 && step < 0 ? 1 : 0)) % length);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && active >= 0) {
      take(offered.words[active]!);
    } else if (event.key === 'Escape' && length) {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="jp-modelmgmt-Search-box">
      <input
        ref={input}
        type="search"
        className="jp-mod-styled"
        role="combobox"
        aria-label={trans.__('Search models')}
        aria-autocomplete="list"
        aria-expanded={length > 0}
        aria-controls={`${id}-words`}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={props.error !== ''}
        title={trans.__('Words of a name, or a search: metrics.accuracy > 0.9 and tag = vision')}
        placeholder={trans.__('Search models')}
        spellCheck={false}
        autoComplete="off"
        value={query.text}
        onChange={event => {
          onChange({ text: event.target.value });
          look();
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <ul
        id={`${id}-words`}
        className="jp-modelmgmt-Search-words"
        role="listbox"
        aria-label={trans.__('Completions')}
        hidden={!length}
      >
        {offered.words.map((word, i) => (
          <li
            key={word}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            onMouseDown={event => {
              event.preventDefault();
              take(word);
            }}
          >
            {word}
          </li>
        ))}
      </ul>
    </div>
  );
}

function SearchError(props: ISearchBoxProps): JSX.Element | null {
  const { error, query } = props;
  if (!error) {
    return null;
  }
  const place = errorPlace(error, query);
  return (
    <div className="jp-modelmgmt-Search-error" role="alert">
      {place !== null && (
        <code>
          {query.text.slice(0, place)}
          <mark data-place={place}>{query.text.slice(place, place + 1) || ' '}</mark>
          {query.text.slice(place + 1)}
        </code>
      )}
      <span>{errorSentence(error)}</span>
    </div>
  );
}
