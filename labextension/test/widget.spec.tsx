import { act, fireEvent, screen } from '@testing-library/react';

import widget, { type IWidgetModel } from '../src/widget/compare';

/** The browser's half of a widget, without a kernel behind it. */
class Model implements IWidgetModel {
  readonly traits = {
    table: {
      versions: ['digits@1.0.0', 'digits@1.1.0'],
      base: 0,
      rows: [
        {
          group: 'metric',
          name: 'accuracy',
          values: [0.9, 0.95],
          deltas: [0, 0.05],
          best: [1],
          lower_is_better: false,
          differs: true
        }
      ]
    },
    base: 0,
    only_differences: false,
    selected: []
  } as Record<string, unknown>;
  saved = 0;

  get = ((key: string) => this.traits[key]) as IWidgetModel['get'];

  set(key: string, value: unknown): void {
    this.traits[key] = value;
  }

  save_changes(): void {
    this.saved += 1;
  }

  on(event: string, callback: () => void): void {
    this._listeners.set(event, callback);
  }

  off(event: string): void {
    this._listeners.delete(event);
  }

  get listening(): string[] {
    return [...this._listeners.keys()];
  }

  /** What happens when the kernel sets a trait. */
  arrive(key: string, value: unknown): void {
    this.traits[key] = value;
    this._listeners.get(`change:${key}`)?.();
  }

  private _listeners = new Map<string, () => void>();
}

function shown() {
  const model = new Model();
  const el = document.body.appendChild(document.createElement('div'));
  let remove = () => {};
  act(() => {
    remove = widget.render({ model, el });
  });
  return { model, el, remove: () => act(remove) };
}

it('tells the kernel which version is the base', () => {
  const { model, remove } = shown();
  fireEvent.change(screen.getByLabelText('Base version'), { target: { value: '1' } });
  expect(model.traits['base']).toBe(1);
  expect(model.saved).toBe(1);
  expect(screen.getByText('−0.05')).toBeTruthy();
  remove();
});

it('follows the kernel', () => {
  const { model, remove } = shown();
  act(() => model.arrive('only_differences', true));
  expect((screen.getByLabelText('Only differences') as HTMLInputElement).checked).toBe(true);
  remove();
});

it('leaves nothing behind', () => {
  const { model, el, remove } = shown();
  expect(model.listening.length).toBe(4);
  remove();
  expect(model.listening).toEqual([]);
  expect(el.innerHTML).toBe('');
});
