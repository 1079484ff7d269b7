import React from 'react';

import { shapeText } from '../card';
import { type Fetched } from '../model/resource';
import { type IModelVersion, type IPreview } from '../types';
import { SafetyVerdict } from './evidence';
import { Facts } from './facts';
import { Markdown, type RenderMarkdown } from './markdown';
import { type ITranslate } from './props';
import { FetchedView } from './states';

interface IPreviewProps {
  readonly version: IModelVersion;
  readonly previewed: string | null;
  readonly preview: Fetched<IPreview | null>;
  readonly trans: ITranslate;
  readonly renderMarkdown: RenderMarkdown | null;
  onPreview: (path: string) => void;
}

/** What is inside the file that is looked at; the server read it and loaded nothing. */
export function PreviewPane(props: IPreviewProps): JSX.Element {
  const { version, previewed, preview, trans } = props;
  if (previewed === null) {
    return (
      <aside className="jp-modelmgmt-Preview">
        <p className="jp-modelmgmt-muted">{trans.__('Choose a file to see what is inside.')}</p>
      </aside>
    );
  }
  const verdict = version.safety.find(one => one.path === previewed);
  return (
    <aside className="jp-modelmgmt-Preview" aria-label={trans.__('Preview of %1', previewed)}>
      <h2>{previewed}</h2>
      {verdict && <SafetyVerdict verdict={verdict} trans={trans} />}
      <FetchedView state={preview} trans={trans} onRetry={() => props.onPreview(previewed)}>
        {seen => seen && <Seen {...props} seen={seen} />}
      </FetchedView>
    </aside>
  );
}

function Seen(props: IPreviewProps & { readonly seen: IPreview }): JSX.Element {
  const { seen, trans } = props;
  switch (seen.kind) {
    case 'markdown':
      return <Markdown text={seen.text} render={props.renderMarkdown} />;
    case 'image':
      return (
        <figure className="jp-modelmgmt-Preview-image">
          <img src={`data:image/png;base64,${seen.png}`} alt={seen.path} />
          <figcaption className="jp-modelmgmt-muted">
            {seen.width} × {seen.height}
          </figcaption>
        </figure>
      );
    case 'tensors':
      return <Tensors seen={seen} trans={trans} />;
    case 'none':
      return <p className="jp-modelmgmt-Unknown">{seen.reason}</p>;
    default:
      return (
        <>
          <pre className="jp-modelmgmt-Code" tabIndex={0} aria-label={seen.path}>
            {seen.kind === 'json' ? indented(seen.text) : seen.text}
          </pre>
          {seen.cut && (
            <p className="jp-modelmgmt-muted">
              {trans.__('The file goes on. Download it to see all.')}
            </p>
          )}
        </>
      );
  }
}

function indented(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2);
}

/** What a safetensors or ONNX header tells. */
function Tensors(props: { readonly seen: IPreview; readonly trans: ITranslate }): JSX.Element {
  const { seen, trans } = props;
  return (
    <>
      <Facts facts={Object.entries(seen.facts)} />
      <div className="jp-modelmgmt-scroll" tabIndex={0}>
        <table className="jp-modelmgmt-Table" aria-label={trans.__('Tensors')}>
          <thead>
            <tr>
              <th scope="col">{trans.__('Tensor')}</th>
              <th scope="col">{trans.__('Type')}</th>
              <th scope="col">{trans.__('Shape')}</th>
              <th scope="col">{trans.__('Role')}</th>
            </tr>
          </thead>
          <tbody>
            {seen.tensors.map(({ name, datatype, shape, role }, position) => (
              <tr key={position}>
                <th scope="row">{name}</th>
                <td className="jp-modelmgmt-code">{datatype}</td>
                <td className="jp-modelmgmt-code">{shapeText(shape)}</td>
                <td>{role}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {seen.count > seen.tensors.length && (
        <p className="jp-modelmgmt-muted">
          {trans.__('The first %1 of %2 tensors.', seen.tensors.length, seen.count)}
        </p>
      )}
    </>
  );
}
