import React, { useMemo, useState } from 'react';

import { tableOf } from '../requestreading';
import { requestOf } from '../requesttable';
import { type IField } from '../types';
import { useUniqueId } from './id';
import { type ITranslate } from './props';
import { RequestGrid } from './requestgrid';
import { noTableText, problemOf } from './requestwords';
import { Tabs } from './tabs';

interface IRequestProps {
  readonly text: string;
  readonly trans: ITranslate;
  onChange: (text: string) => void;
}

type View = 'table' | 'json';

/** The request to a version that takes tensors: cells where it is a table, and JSON. */
export function RequestInput(
  props: IRequestProps & {
    /** What the version takes; empty where nobody knows. */
    readonly fields: readonly IField[];
  }
): JSX.Element {
  const { text, fields, trans, onChange } = props;
  const [wanted, setWanted] = useState<View>('table');
  const tabled = useMemo(() => tableOf(text, fields), [text, fields]);
  const view = tabled.kind === 'table' ? wanted : 'json';
  const problem = problemOf(tabled, trans);
  return (
    <div className="jp-modelmgmt-Request">
      <Tabs
        label={trans.__('How the request is written')}
        tabs={[
          { key: 'table', label: trans.__('Table') },
          { key: 'json', label: trans.__('JSON') }
        ]}
        current={view}
        onSelect={setWanted}
      >
        {view === 'table' && tabled.kind === 'table' ? (
          <RequestGrid
            table={tabled.table}
            trans={trans}
            onChange={table => onChange(requestOf(table))}
          />
        ) : (
          <RequestJson
            {...props}
            onChange={written => {
              // While one writes, JSON may become a table: that must not take the text from under the cursor.
              setWanted('json');
              onChange(written);
            }}
          />
        )}
      </Tabs>
      {tabled.kind === 'none' && (
        <p className="jp-modelmgmt-muted" role="status">
          {noTableText(tabled.why, trans)}
        </p>
      )}
      {problem && (
        <p className="jp-modelmgmt-Request-problem" role="status">
          {problem}
        </p>
      )}
    </div>
  );
}

function RequestJson({ text, trans, onChange }: IRequestProps): JSX.Element {
  const id = useUniqueId();
  return (
    <div className="jp-modelmgmt-Tensors">
      <label htmlFor={id}>{trans.__('Tensors, as JSON of the Open Inference Protocol v2')}</label>
      <textarea
        id={id}
        className="jp-mod-styled jp-modelmgmt-code"
        rows={14}
        spellCheck={false}
        value={text}
        onChange={event => onChange(event.target.value)}
      />
      <p className="jp-modelmgmt-muted">
        {trans.__('This version takes tensors and no image. Data is flat, row by row.')}
      </p>
    </div>
  );
}
