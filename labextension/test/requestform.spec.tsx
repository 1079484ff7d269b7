import { fireEvent, render, screen } from '@testing-library/react';
import React, { useState } from 'react';

import { RequestInput } from '../src/components/requestinput';
import { requestFor } from '../src/model/tensors';
import { type IField } from '../src/types';
import { trans } from './trans';

const HOUSE: readonly IField[] = [
  { name: 'rooms', datatype: 'INT64', shape: [-1] },
  { name: 'area', datatype: 'FP64', shape: [-1] },
  { name: 'city', datatype: 'BYTES', shape: [-1] },
  { name: 'garden', datatype: 'BOOL', shape: [-1] }
];

function Written(props: { readonly fields: readonly IField[] }): JSX.Element {
  const [text, setText] = useState(() => requestFor(props.fields));
  return <RequestInput text={text} fields={props.fields} trans={trans} onChange={setText} />;
}

describe('the form', () => {
  const cell = (name: string) => screen.getByLabelText<HTMLInputElement>(name);

  it('tells beside a cell what is wrong with it', () => {
    render(<Written fields={HOUSE} />);
    fireEvent.change(cell('area, row 1'), { target: { value: '1.' } });
    expect(cell('area, row 1').value).toBe('1.');
    fireEvent.blur(cell('area, row 1'));
    expect(cell('area, row 1').value).toBe('1');
    fireEvent.change(cell('rooms, row 1'), { target: { value: 'x' } });
    expect(cell('rooms, row 1').getAttribute('aria-invalid')).toBe('true');
    const note = document.getElementById(cell('rooms, row 1').getAttribute('aria-describedby')!);
    expect(note?.textContent).toBe('not a whole number');
    expect(screen.queryByText('Row 1, rooms: not a whole number.')).toBeTruthy();
  });

  it('adds and removes rows, and keys walk between cells', () => {
    render(<Written fields={HOUSE} />);
    fireEvent.change(cell('city, row 1'), { target: { value: 'Oslo' } });
    fireEvent.click(screen.getByRole('button', { name: 'Add row' }));
    expect(document.activeElement).toBe(cell('rooms, row 2'));
    expect(cell('city, row 2').value).toBe('Oslo');
    fireEvent.keyDown(cell('rooms, row 2'), { key: 'ArrowUp' });
    expect(document.activeElement).toBe(cell('rooms, row 1'));
    fireEvent.keyDown(cell('rooms, row 1'), { key: 'Enter' });
    expect(document.activeElement).toBe(cell('rooms, row 2'));
    fireEvent.keyDown(cell('rooms, row 2'), { key: 'ArrowRight' });
    expect(document.activeElement).toBe(cell('area, row 2'));
    fireEvent.click(screen.getByRole('button', { name: 'Remove row 1' }));
    expect(screen.queryByLabelText('city, row 2')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Remove row 1' })).toBeNull();
    expect(document.activeElement).toBe(cell('rooms, row 1'));
  });

  it('is JSON as well, both with the same values', () => {
    render(<Written fields={HOUSE} />);
    // The clipboard events that are made up for jsdom do not bubble.
    const paste = new Event('paste', { bubbles: true, cancelable: true });
    const clipboardData = { getData: () => '2\t50\tOslo\n3\t70\tBergen' };
    fireEvent(cell('rooms, row 1'), Object.assign(paste, { clipboardData }));
    expect(screen.getAllByRole('status').map(({ textContent }) => textContent)).toEqual([
      '2 rows pasted.',
      'Row 2, garden: choose true or false.'
    ]);
    fireEvent.change(cell('garden, row 2'), { target: { value: 'true' } });
    fireEvent.click(screen.getByRole('tab', { name: 'JSON' }));
    const json = screen.getByRole<HTMLTextAreaElement>('textbox');
    expect(JSON.parse(json.value).inputs[2].data).toEqual(['Oslo', 'Bergen']);
    fireEvent.change(json, { target: { value: json.value.replace('Oslo', 'Rome').slice(0, -1) } });
    expect(screen.queryByText('No table: this is not JSON.')).toBeTruthy();
    fireEvent.change(json, { target: { value: `${json.value}}` } });
    expect(screen.queryByRole('textbox', { name: /Tensors, as JSON/ })).toBe(json);
    fireEvent.click(screen.getByRole('tab', { name: 'Table' }));
    expect(cell('city, row 1').value).toBe('Rome');
  });
});
