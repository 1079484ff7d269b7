import React, { type ReactNode, useState } from 'react';

import { DropZone } from '../components/dropzone';
import { ImageView } from '../components/imageview';
import { RequestInput } from '../components/requestinput';
import { problemOf } from '../components/requestwords';
import { requestFor } from '../model/tensors';
import { tableOf } from '../requestreading';
import { type IField } from '../types';
import { Button } from './lab';
import { type IWidgetModel, untranslated as trans, useTrait } from './live';

/** More than this does not pass through a widget's channel; the Test tab takes larger images. */
const LARGEST_BYTES = 8 * 2 ** 20;

/** What is asked about: an image, or tensors as a request. */
export interface ITrialInput {
  readonly takesImages: boolean;
  readonly image: File | null;
  readonly request: string;
  /** What is asked takes these; empty where nobody knows. */
  readonly fields: readonly IField[];
  readonly problem: string;
  choose: (image: File | null) => void;
  write: (request: string) => void;
  /** Takes the image or what was written away; null where there is neither. */
  discard: (() => void) | null;
  ask: () => void;
}

/** An input that `verb` brings to the kernel. */
export function useTrialInput(model: IWidgetModel, verb: string): ITrialInput {
  const [takesImages] = useTrait<boolean>(model, 'takes_images');
  const [image, setImage] = useState<File | null>(null);
  const [fields] = useTrait<readonly IField[]>(model, 'inputs');
  const [written, write] = useState<string | null>(null);
  const request = written ?? requestFor(fields);
  const [problem, setProblem] = useState('');
  const ask = async () => {
    if (!takesImages) {
      model.send({ verb, request });
    } else if (image) {
      model.send({ verb }, undefined, [await image.arrayBuffer()]);
    }
  };
  const choose = (file: File | null) => {
    const isLarge = file !== null && file.size > LARGEST_BYTES;
    setProblem(isLarge ? trans.__('At most 8 MB here; the Test tab of the model takes more.') : '');
    setImage(isLarge ? null : file);
  };
  const discard = () => {
    choose(null);
    write(null);
  };
  return {
    takesImages,
    image,
    request,
    fields,
    problem,
    choose,
    write,
    discard: image || written !== null ? discard : null,
    ask: () => void ask()
  };
}

/** The bar above, the input on the left, and beside it what was found. */
export function TrialInput(
  props: ITrialInput & {
    readonly title: string;
    /** What the button says. */
    readonly label: string;
    readonly isBusy: boolean;
    /** What is drawn over the image. */
    readonly overlay?: ReactNode;
    readonly children: ReactNode;
  }
): JSX.Element {
  const { takesImages, image, request, fields, problem, choose } = props;
  const isReady = takesImages ? image !== null : problemOf(tableOf(request, fields), trans) === '';
  return (
    <>
      <div className="jp-modelmgmt-Trial-bar">
        <strong>{props.title}</strong>
        <span className="jp-modelmgmt-Trial-buttons">
          <Button disabled={props.isBusy || !isReady} onClick={props.ask}>
            {props.label}
          </Button>
          <Button
            className="jp-mod-reject"
            disabled={!props.discard}
            onClick={() => props.discard?.()}
          >
            {trans.__('Discard')}
          </Button>
        </span>
      </div>
      {problem && <p role="alert">{problem}</p>}
      <div className="jp-modelmgmt-Trial-panes">
        {!takesImages && (
          <RequestInput text={request} fields={fields} trans={trans} onChange={props.write} />
        )}
        {takesImages && !image && <DropZone trans={trans} onImage={choose} />}
        {takesImages && image && (
          <ImageView image={image} trans={trans}>
            {props.overlay}
          </ImageView>
        )}
        {props.children}
      </div>
    </>
  );
}
