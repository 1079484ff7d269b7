import { Button, fileIcon, folderIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { CommandIDs } from '../commands/ids';
import { fileLines, type IFileLine } from '../filetree';
import { formatSize } from '../format';
import { type Fetched } from '../model/resource';
import { type IModelVersion, type IPreview } from '../types';
import { SafetyVerdict } from './evidence';
import { DeployOnly } from './files';
import { type RenderMarkdown } from './markdown';
import { PreviewPane } from './preview';
import { type ITranslate, type Run } from './props';
import { Empty } from './states';

const DIGEST_DIGITS = 12;

export interface IFileTreeProps {
  readonly version: IModelVersion;
  /** The file that is looked at. */
  readonly previewed: string | null;
  readonly preview: Fetched<IPreview | null>;
  readonly trans: ITranslate;
  readonly renderMarkdown: RenderMarkdown | null;
  run: Run;
  onPreview: (path: string) => void;
}

/** The files of a version: what they weigh, whether loading them runs code, what is inside (K12). */
export function FileTree(props: IFileTreeProps): JSX.Element {
  const { version, trans } = props;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  if (!version.artifacts.length) {
    return <Empty title={trans.__('This version has no files')} />;
  }
  const there = chosen.filter(path => version.artifacts.some(file => file.path === path));
  return (
    <section className="jp-modelmgmt-FileTree" aria-label={trans.__('Files')}>
      <div>
        <FileTools {...props} chosen={there} />
        <div className="jp-modelmgmt-scroll" tabIndex={0}>
          <table className="jp-modelmgmt-FileTable" aria-label={trans.__('Files')}>
            <thead>
              <tr>
                <td />
                <th scope="col">{trans.__('File')}</th>
                <th scope="col" data-numeric="true">
                  {trans.__('Size')}
                </th>
                <th scope="col">{trans.__('Safety')}</th>
                <th scope="col">{trans.__('Digest')}</th>
              </tr>
            </thead>
            <tbody>
              {fileLines(version.artifacts).map(line => (
                <FileLine
                  key={line.path}
                  {...props}
                  line={line}
                  isChosen={there.includes(line.path)}
                  onToggle={() =>
                    setChosen(
                      there.includes(line.path)
                        ? there.filter(path => path !== line.path)
                        : [...there, line.path]
                    )
                  }
                />
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <PreviewPane {...props} />
    </section>
  );
}

/** One file, some as a zip, or all. */
function FileTools(props: IFileTreeProps & { readonly chosen: readonly string[] }): JSX.Element {
  const { version, chosen, trans, run } = props;
  const args = { model: version.model, version: version.version };
  if (!version.downloadable) {
    return <DeployOnly trans={trans} />;
  }
  const [only] = chosen;
  return (
    <div className="jp-modelmgmt-Tools">
      <Button
        minimal
        small
        disabled={!chosen.length}
        onClick={() =>
          run(
            CommandIDs.downloadVersion,
            chosen.length === 1 ? { ...args, path: only } : { ...args, files: [...chosen] }
          )
        }
      >
        {chosen.length ? trans.__('Download (%1)', chosen.length) : trans.__('Download')}
      </Button>
      <Button minimal small onClick={() => run(CommandIDs.downloadVersion, args)}>
        {trans.__('Download all')}
      </Button>
      <span className="jp-modelmgmt-muted">
        {trans._n('%1 file', '%1 files', version.artifacts.length)}, {formatSize(version.size)}
      </span>
    </div>
  );
}

function FileLine(
  props: IFileTreeProps & {
    readonly line: IFileLine;
    readonly isChosen: boolean;
    onToggle: () => void;
  }
): JSX.Element {
  const { line, version, previewed, trans } = props;
  const { file, path, name, depth } = line;
  const indent = { paddingLeft: 8 + 16 * depth };
  if (!file) {
    return (
      <tr>
        <td />
        <th scope="row" colSpan={4} style={indent}>
          <folderIcon.react tag="span" /> {name}
        </th>
      </tr>
    );
  }
  const verdict = version.safety.find(one => one.path === path);
  return (
    <tr data-file={path} aria-selected={path === previewed}>
      <td>
        <input
          type="checkbox"
          aria-label={trans.__('Choose %1', path)}
          disabled={!version.downloadable}
          checked={props.isChosen}
          onChange={props.onToggle}
        />
      </td>
      <td className="jp-modelmgmt-FileTable-path" style={indent}>
        <button
          type="button"
          className="jp-modelmgmt-FileTable-name"
          aria-pressed={path === previewed}
          onClick={() => props.onPreview(path)}
        >
          <fileIcon.react tag="span" /> {name}
        </button>
      </td>
      <td data-numeric="true">{formatSize(file.size)}</td>
      <td>{verdict ? <SafetyVerdict verdict={verdict} trans={trans} isBrief /> : '–'}</td>
      <td className="jp-modelmgmt-code" title={file.digest}>
        {file.digest.split(':').pop()!.slice(0, DIGEST_DIGITS)}
      </td>
    </tr>
  );
}
