import { Button, downloadIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { formatSize } from '../format';
import { type IArtifact, type IModelVersion } from '../types';
import { type ITranslate, type Run } from './props';

const DIGEST_DIGITS = 12;

/** The files of a version, each with a button that downloads it (K12). */
export function FileTable(props: {
  readonly version: IModelVersion;
  readonly trans: ITranslate;
  run: Run;
}): JSX.Element {
  const { version, trans, run } = props;
  const args = { model: version.model, version: version.version };
  return (
    <>
      <table className="jp-modelmgmt-FileTable">
        <thead>
          <tr>
            <th scope="col">{trans.__('File')}</th>
            <th scope="col" data-numeric="true">
              {trans.__('Size')}
            </th>
            <th scope="col">{trans.__('Digest')}</th>
            <th scope="col" aria-label={trans.__('Download')} />
          </tr>
        </thead>
        <tbody>
          {version.artifacts.map(file => (
            <FileRow
              key={file.path}
              file={file}
              trans={trans}
              onDownload={
                version.downloadable
                  ? () => run(CommandIDs.downloadVersion, { ...args, path: file.path })
                  : null
              }
            />
          ))}
        </tbody>
      </table>
      {version.downloadable ? (
        <Button minimal small onClick={() => run(CommandIDs.downloadVersion, args)}>
          {trans.__('Download all')}
        </Button>
      ) : (
        <DeployOnly trans={trans} />
      )}
    </>
  );
}

/** Why the files of a version cannot be had (M9). */
export function DeployOnly({ trans }: { readonly trans: ITranslate }): JSX.Element {
  return (
    <p className="jp-modelmgmt-muted">
      {trans.__('This version may be deployed and not downloaded.')}
    </p>
  );
}

function FileRow(props: {
  readonly file: IArtifact;
  readonly trans: ITranslate;
  /** Null where the file may not leave. */
  readonly onDownload: (() => void) | null;
}): JSX.Element {
  const { file, trans } = props;
  const [, digits = ''] = file.digest.split(':');
  return (
    <tr>
      <td className="jp-modelmgmt-FileTable-path">{file.path}</td>
      <td data-numeric="true">{formatSize(file.size)}</td>
      <td className="jp-modelmgmt-code" title={file.digest}>
        {digits.slice(0, DIGEST_DIGITS)}
      </td>
      <td>
        {props.onDownload && (
          <Button
            minimal
            small
            aria-label={trans.__('Download %1', file.path)}
            title={trans.__('Download %1', file.path)}
            onClick={props.onDownload}
          >
            <downloadIcon.react tag="span" />
          </Button>
        )}
      </td>
    </tr>
  );
}
