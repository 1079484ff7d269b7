import { type ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** Runs a command; see `commands/ids.ts`. */
export type Run = (command: string, args?: ReadonlyPartialJSONObject) => void;

/** The part of a translation bundle that the components use; the widget brings its own. */
export interface ITranslate {
  __(text: string, ...args: (string | number)[]): string;
  _n(singular: string, plural: string, n: number, ...args: (string | number)[]): string;
}

/** Opens the menu of something at a place of the window. */
export type OpenMenu<T> = (target: T, x: number, y: number) => void;
