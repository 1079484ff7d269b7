import { Button } from '@jupyterlab/ui-components';
import React, {
  type ClipboardEvent,
  type DragEvent,
  type ReactNode,
  useRef,
  useState
} from 'react';

import { pictureOf, samples, urlOf } from '../samples';
import { type ITranslate } from './props';

/** Takes an image by drop, by paste or from a file dialog. */
export function DropZone(props: {
  readonly trans: ITranslate;
  /** Other places that images come from. */
  readonly children?: ReactNode;
  onImage: (image: File) => void;
}): JSX.Element {
  const { trans, onImage } = props;
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) {
      onImage(file);
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const onPaste = (event: ClipboardEvent) => take(event.clipboardData.files);
  return (
    <div
      className="jp-modelmgmt-DropZone"
      data-over={isOver}
      tabIndex={0}
      role="group"
      aria-label={trans.__('Image to predict on')}
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      onPaste={onPaste}
    >
      <p>{trans.__('Drop an image here, paste one, or')}</p>
      <Button className="jp-mod-styled jp-mod-accept" onClick={() => input.current?.click()}>
        {trans.__('Browse')}
      </Button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        aria-label={trans.__('Image file')}
        onChange={event => take(event.target.files)}
      />
      <Samples {...props} />
      {props.children}
    </div>
  );
}

/** Pictures of our own, for who has none at hand. */
function Samples(props: {
  readonly trans: ITranslate;
  onImage: (image: File) => void;
}): JSX.Element {
  const { trans, onImage } = props;
  return (
    <div className="jp-modelmgmt-Samples" role="group" aria-label={trans.__('Samples')}>
      {samples(trans).map(sample => (
        <button
          key={sample.name}
          type="button"
          title={sample.label}
          onClick={() => void pictureOf(sample).then(onImage)}
        >
          <img src={urlOf(sample)} alt={sample.label} width={48} height={48} />
        </button>
      ))}
    </div>
  );
}
