import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import { type ISignal, Signal } from '@lumino/signaling';
import React from 'react';

import { type Errors, type IFormProps } from '../components/forms/form';
import { type ITranslate } from '../components/props';
import { useSignal } from '../components/signal';
import { Failed } from '../components/states';
import { formatShare } from '../format';
import { messageOf } from '../model/resource';

export interface IFormOptions<V, R> {
  readonly title: string;
  readonly accept: string;
  /** Whether what the form is for cannot be undone. */
  readonly isFinal?: boolean;
  readonly initial: V;
  readonly trans: ITranslate;
  check?: (values: V) => Errors<V>;
  form: (props: IFormProps<V>) => JSX.Element;
  /** Does what the form is for; when it fails the form stays open and shows why. */
  submit: (values: V, work: IWork) => Promise<R>;
}

/** How work is told to stop, and tells how far it is. */
export interface IWork {
  readonly signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/** Opens a form; gives what `submit` gave, or null when the form was left. */
export async function askForm<V extends object, R>(options: IFormOptions<V, R>): Promise<R | null> {
  const body = new FormBody<V, R>(options);
  const { trans } = options;
  const dialog = new FormDialog(body, {
    title: options.title,
    body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      options.isFinal
        ? Dialog.warnButton({ label: options.accept })
        : Dialog.okButton({ label: options.accept })
    ],
    defaultButton: 1,
    focusNodeSelector: 'input, select, textarea'
  });
  const { button, value } = await dialog.launch();
  return button.accept ? value : null;
}

/** A dialog that closes on "OK" only after what it is for was done. */
class FormDialog<V extends object, R> extends Dialog<R> {
  constructor(
    private _form: FormBody<V, R>,
    options: Partial<Dialog.IOptions<R>>
  ) {
    super(options);
    this.addClass('jp-modelmgmt-FormDialog');
    _form.changed.connect(this._showBusy, this);
  }

  /** While it works the button looks as if it could not be pressed, and keeps the focus. */
  private _showBusy(): void {
    const button = this.node.querySelector('.jp-Dialog-footer .jp-Dialog-button:last-of-type');
    button?.setAttribute('aria-disabled', String(this._form.state.isBusy));
  }

  override resolve(index?: number): void {
    if (index === 0) {
      super.resolve(0);
      return;
    }
    void this._form.submit().then(isDone => {
      if (isDone && !this.isDisposed) {
        super.resolve(index);
      }
    });
  }
}

interface IFormState<V> {
  readonly values: V;
  /** The fields whose errors are shown: an untouched form does not scold. */
  readonly touched: ReadonlySet<string>;
  readonly isBusy: boolean;
  /** The part of the work that is done, in [0, 1]; undefined when nobody knows. */
  readonly share?: number;
  readonly message: string;
}

class FormBody<V extends object, R> extends ReactWidget implements Dialog.IBodyWidget<R> {
  constructor(private _options: IFormOptions<V, R>) {
    super();
    this.addClass('jp-modelmgmt-Form');
    const values = _options.initial;
    this._state = { values, touched: new Set(), isBusy: false, message: '' };
  }

  getValue(): R {
    return this._result!;
  }

  /** Gives true when the form was in order and its purpose was reached. */
  async submit(): Promise<boolean> {
    const { values, isBusy } = this._state;
    if (isBusy) {
      return false;
    }
    if (Object.keys(this._errors()).length) {
      this._set({ touched: new Set(Object.keys(values)) });
      return false;
    }
    const { signal } = (this._work = new AbortController());
    this._set({ isBusy: true, share: undefined, message: '' });
    const onProgress = (done: number, total: number) => this._set({ share: done / total });
    try {
      this._result = await this._options.submit(values, { signal, onProgress });
      return true;
    } catch (error) {
      this._set({ isBusy: false, message: messageOf(error) });
      return false;
    }
  }

  /** Leaving the form ends its work. */
  override dispose(): void {
    this._work.abort();
    super.dispose();
  }

  protected render(): JSX.Element {
    return <FormView body={this} options={this._options} />;
  }

  get state(): IFormState<V> {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  readonly change = (changes: Partial<V>): void => {
    this._set({
      values: { ...this._state.values, ...changes },
      touched: new Set([...this._state.touched, ...Object.keys(changes)]),
      message: ''
    });
  };

  /** The errors of the fields that were touched. */
  shownErrors(): Errors<V> {
    const errors = Object.entries(this._errors());
    return Object.fromEntries(
      errors.filter(([field]) => this._state.touched.has(field))
    ) as Errors<V>;
  }

  private _errors(): Errors<V> {
    return this._options.check?.(this._state.values) ?? {};
  }

  private _set(changes: Partial<IFormState<V>>): void {
    this._state = { ...this._state, ...changes };
    this._changed.emit();
  }

  private _state: IFormState<V>;
  private _changed = new Signal<this, void>(this);
  private _work = new AbortController();
  private _result: R | null = null;
}

/** State reaches React within the event: a text field that is redrawn later loses its cursor. */
function FormView<V extends object, R>(props: {
  readonly body: FormBody<V, R>;
  readonly options: IFormOptions<V, R>;
}): JSX.Element {
  const { body, options } = props;
  const { trans, form } = options;
  const { values, isBusy, share, message } = useSignal(body.changed, () => body.state);
  return (
    <fieldset className="jp-modelmgmt-Form-fields" disabled={isBusy}>
      {form({ values, errors: body.shownErrors(), trans, onChange: body.change })}
      {isBusy && <Working share={share} trans={trans} />}
      {message && <Failed message={message} trans={trans} />}
    </fieldset>
  );
}

function Working(props: { readonly share?: number; readonly trans: ITranslate }): JSX.Element {
  const { share, trans } = props;
  return (
    <div className="jp-modelmgmt-Working">
      <progress aria-label={trans.__('Working')} value={share} />
      <span className="jp-modelmgmt-muted">
        {share === undefined ? trans.__('Working…') : formatShare(share)}
      </span>
    </div>
  );
}
