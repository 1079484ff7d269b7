import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { type ReactNode } from 'react';

import { useUniqueId } from '../id';
import { type ITickProps, Tick } from '../tick';
interface IFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string;
}

export interface IOption {
  readonly value: string;
  readonly label: string;
  /** Why the option cannot be chosen. */
  readonly refusal?: string;
}

/** A label, its control and below it the error or, without one, the hint. */
function Field(
  props: IFieldProps & { readonly id: string; readonly children: ReactNode }
): JSX.Element {
  const { id, error, hint } = props;
  return (
    <div className="jp-modelmgmt-Field" data-invalid={error !== undefined}>
      <label htmlFor={id}>{props.label}</label>
      {props.children}
      <div id={`${id}-note`} className="jp-modelmgmt-Field-note" role={error ? 'alert' : undefined}>
        {error ?? hint}
      </div>
    </div>
  );
}

function described(id: string, props: IFieldProps) {
  return {
    id,
    'aria-describedby': `${id}-note`,
    'aria-invalid': props.error !== undefined
  };
}

export function TextField(
  props: IFieldProps & {
    readonly value: string;
    readonly suggestions?: readonly string[];
    readonly placeholder?: string;
    readonly required?: boolean;
    readonly inputMode?: 'numeric';
    onChange: (value: string) => void;
  }
): JSX.Element {
  const id = useUniqueId();
  return (
    <Field {...props} id={id}>
      <input
        {...described(id, props)}
        className="jp-mod-styled"
        type="text"
        autoComplete="off"
        spellCheck={false}
        inputMode={props.inputMode}
        aria-required={props.required}
        list={props.suggestions ? `${id}-list` : undefined}
        placeholder={props.placeholder}
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      />
      {props.suggestions && (
        <datalist id={`${id}-list`}>
          {props.suggestions.map(text => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </Field>
  );
}

export function AreaField(
  props: IFieldProps & { readonly value: string; onChange: (value: string) => void }
): JSX.Element {
  const id = useUniqueId();
  return (
    <Field {...props} id={id}>
      <textarea
        {...described(id, props)}
        className="jp-mod-styled"
        rows={3}
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      />
    </Field>
  );
}

export function NumberField(
  props: IFieldProps & {
    readonly value: string;
    onChange: (value: string) => void;
  }
): JSX.Element {
  return <TextField {...props} inputMode="numeric" />;
}

export function SelectField(
  props: IFieldProps & {
    readonly value: string;
    readonly options: readonly IOption[];
    onChange: (value: string) => void;
  }
): JSX.Element {
  const id = useUniqueId();
  return (
    <Field {...props} id={id}>
      <HTMLSelect
        {...described(id, props)}
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      >
        {props.options.map(option => (
          <option
            key={option.value}
            value={option.value}
            disabled={option.refusal !== undefined}
            title={option.refusal}
          >
            {option.label}
          </option>
        ))}
      </HTMLSelect>
    </Field>
  );
}

/** A group of radio buttons. */
export function ChoiceField(
  props: IFieldProps & {
    readonly value: string;
    readonly options: readonly IOption[];
    onChange: (value: string) => void;
  }
): JSX.Element {
  const id = useUniqueId();
  return (
    <fieldset className="jp-modelmgmt-Field jp-modelmgmt-Choice">
      <legend>{props.label}</legend>
      {props.options.map(option => (
        <label key={option.value}>
          <input
            type="radio"
            name={id}
            value={option.value}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
      <div className="jp-modelmgmt-Field-note">{props.error ?? props.hint}</div>
    </fieldset>
  );
}

export function CheckField(props: Pick<ITickProps, 'label' | 'value' | 'onChange'>): JSX.Element {
  return <Tick {...props} className="jp-modelmgmt-Check" />;
}
