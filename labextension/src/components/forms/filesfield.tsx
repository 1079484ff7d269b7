import { Button } from '@jupyterlab/ui-components';
import React, { type DragEvent, useRef, useState } from 'react';

import { formatSize } from '../../format';
import { pathOf } from '../../model/upload';
import { type ITranslate } from '../props';

/** Files that are dropped or chosen, each of which can be left out again. */
export function FilesField(props: {
  readonly files: readonly File[];
  /** What is chosen when it is one file of another kind. */
  readonly label?: string;
  readonly error?: string;
  readonly trans: ITranslate;
  onChange: (files: readonly File[]) => void;
}): JSX.Element {
  const { files, error, trans, onChange } = props;
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const label = props.label ?? trans.__('Files of the model');
  const add = (more: FileList | null) => {
    const known = new Map([...files, ...(more ?? [])].map(file => [pathOf(file), file]));
    onChange([...known.values()]);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };
  return (
    <div
      className="jp-modelmgmt-Field jp-modelmgmt-Files"
      role="group"
      aria-label={trans.__('Files')}
      data-invalid={error !== undefined}
      data-over={isOver}
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <div className="jp-modelmgmt-Files-head">
        <span>
          {props.label
            ? trans.__('%1: drop it here, or', props.label)
            : trans.__('Drop the files of the model here, or')}
        </span>
        <Button className="jp-mod-styled" onClick={() => input.current?.click()}>
          {trans.__('Browse')}
        </Button>
        <input
          ref={input}
          type="file"
          multiple={!props.label}
          aria-label={label}
          onChange={event => add(event.target.files)}
        />
      </div>
      <FileRows files={files} trans={trans} onChange={onChange} />
      <div className="jp-modelmgmt-Field-note" role={error ? 'alert' : undefined}>
        {error ?? (props.label ? '' : trans.__('The format is recognised from the files.'))}
      </div>
    </div>
  );
}

function FileRows(props: {
  readonly files: readonly File[];
  readonly trans: ITranslate;
  onChange: (files: readonly File[]) => void;
}): JSX.Element | null {
  const { files, trans } = props;
  if (!files.length) {
    return null;
  }
  return (
    <ul>
      {files.map(file => (
        <li key={pathOf(file)}>
          <span className="jp-modelmgmt-code">{pathOf(file)}</span>
          <span className="jp-modelmgmt-muted">{formatSize(file.size)}</span>
          <Button
            minimal
            small
            aria-label={trans.__('Leave out %1', pathOf(file))}
            onClick={() => props.onChange(files.filter(one => one !== file))}
          >
            ×
          </Button>
        </li>
      ))}
    </ul>
  );
}
