import { type ITranslate } from '../props';

/** A sentence for each field that may not stay as it is. */
export type Errors<V> = { readonly [K in keyof V]?: string };

export interface IFormProps<V> {
  readonly values: V;
  readonly errors: Errors<V>;
  readonly trans: ITranslate;
  onChange: (changes: Partial<V>) => void;
}
