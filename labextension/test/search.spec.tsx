import { fireEvent, render, screen } from '@testing-library/react';
import { readFileSync } from 'fs';
import { join } from 'path';
import React from 'react';

import { SearchBox } from '../src/components/searchbox';
import { complete, type ISearchWords } from '../src/model/completion';
import {
  errorPlace,
  errorSentence,
  hasWords,
  type IQuery,
  isExpression,
  narrowing,
  NO_QUERY
} from '../src/model/query';
import { SEARCH_FIELDS, SEARCH_GROUPS } from '../src/rules';
import { trans } from './trans';

const words: ISearchWords = {
  metrics: ['accuracy', 'odd name'],
  params: ['C'],
  tags: ['vision', 'two words'],
  frameworks: ['scikit-learn'],
  stages: ['staging', 'production']
};

it('the language has the fields and groups of the server', () => {
  const terms = readFileSync(
    join(__dirname, '..', '..', 'jupyter_modelmgmt', 'domain', 'terms.py'),
    'utf-8'
  );
  const keysOf = (name: string) => {
    const [, body = ''] = new RegExp(`^${name}: [^{]*= {([^}]*)}`, 'm').exec(terms) ?? [];
    return [...body.matchAll(/"([^"]+)":/g)].map(match => match[1]);
  };
  expect(SEARCH_FIELDS).toEqual(keysOf('FIELDS'));
  expect(SEARCH_GROUPS).toEqual(keysOf('GROUPS'));
});

describe('a query', () => {
  it.each([
    ['resnet', false],
    ['task force', false],
    ['metrics.accuracy', true],
    ["tag = 'vision'", true],
    ['stage in (staging)', true],
    ['within', false]
  ])('%s is a search: %s', (text, answer) => expect(isExpression(text)).toBe(answer));

  it('is words for names, or a search, each with the filters beside it', () => {
    expect(narrowing({ ...NO_QUERY, text: ' res ' })).toEqual({ search: 'res', filter: '' });
    expect(narrowing({ ...NO_QUERY, text: 'res', tag: "it's" })).toEqual({
      search: 'res',
      filter: "tag = 'it''s'"
    });
    expect(narrowing({ ...NO_QUERY, text: 'size > 1 or size < 0', task: 'other' })).toEqual({
      search: '',
      filter: "(size > 1 or size < 0) and task = 'other'"
    });
  });

  it('narrows what is listed here by its words only', () => {
    expect(hasWords({ ...NO_QUERY, text: 'LR' }, 'clf', 'LinearLR')).toBe(true);
    expect(hasWords({ ...NO_QUERY, text: 'x' }, 'clf')).toBe(false);
    expect(hasWords({ ...NO_QUERY, text: 'size > 1' }, 'clf')).toBe(true);
  });

  it('finds the place of a mistake in what was typed', () => {
    const message = "Expected a value after '>' at character 18: (metrics.accuracy ><here>) and";
    const text = 'metrics.accuracy >';
    expect(errorPlace(message, { ...NO_QUERY, text, task: 'other' })).toBe(17);
    expect(errorPlace('Away.', { ...NO_QUERY, text })).toBeNull();
    expect(errorSentence(message)).toBe("Expected a value after '>'");
  });
});

describe('completion', () => {
  it.each([
    ['metr', 'metrics.accuracy', 0],
    ['metrics.accuracy ', '>=', 17],
    ['tag = ', 'vision', 6],
    ['tag = ', "'two words'", 6],
    ['task = clas', 'classification', 7],
    ['stage in (staging, pro', 'production', 19],
    ['tag = vision ', 'and ', 13],
    ['tag = vision and st', 'status', 17],
    ['metrics.odd', 'metrics.`odd name`', 0]
  ])('after "%s" there is %s', (text, word, from) => {
    const found = complete(text, text.length, words);
    // A backtick begins a name that the typed word does not.
    const expected = text === 'metrics.odd' ? [] : [word];
    expect(found.from).toBe(from);
    expect(found.words).toEqual(expect.arrayContaining(expected));
  });
});

describe('SearchBox', () => {
  function show(changes: Partial<IQuery> = {}, error = '') {
    const onChange = jest.fn();
    const query = { ...NO_QUERY, ...changes };
    const props = { error, words, trans, onChange };
    const { rerender } = render(<SearchBox query={query} {...props} />);
    const type = (text: string) => {
      const input = screen.getByRole('combobox', { name: 'Search models' });
      fireEvent.change(input, { target: { value: text } });
      rerender(<SearchBox query={{ ...query, text }} {...props} />);
      return input;
    };
    return { onChange, type };
  }

  it('offers words and takes one by key', () => {
    const { onChange, type } = show();
    const input = type('metrics.accuracy > 0.9 and ta');
    const offered = screen.getAllByRole('option').map(option => option.textContent);
    expect(offered).toEqual(['task', 'tag']);
    fireEvent.keyDown(input, { key: 'ArrowUp' });
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(onChange).toHaveBeenLastCalledWith({ text: 'metrics.accuracy > 0.9 and tag' });
  });

  it('points at the character of a mistake', () => {
    show({ text: 'size >> 3' }, 'Expected a value at character 6: size ><here>> 3');
    const alert = screen.getByRole('alert');
    expect(alert.querySelector('mark')!.textContent).toBe('>');
    expect(alert.textContent).toBe('size >> 3Expected a value');
  });

  it('filters by framework, task, stage and tag, and says how many are set', () => {
    const { onChange } = show({ stage: 'production' });
    fireEvent.click(screen.getByRole('button', { name: 'Filters, 1 set' }));
    fireEvent.change(screen.getByLabelText('Task'), { target: { value: 'detection' } });
    expect(onChange).toHaveBeenLastCalledWith({ task: 'detection' });
    fireEvent.click(screen.getByText('Clear filters'));
    expect(onChange).toHaveBeenLastCalledWith(NO_QUERY);
  });
});
