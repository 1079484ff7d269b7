import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { messageOf } from '../model/resource';
import { type IMemoryPicture } from '../types';
import { useUniqueId } from './id';
import { type ITranslate } from './props';

export interface IMemoryPicturesProps {
  readonly pictures: readonly IMemoryPicture[];
  readonly trans: ITranslate;
  picture: (variable: string) => Promise<File>;
  onImage: (image: File) => void;
}

/** Takes an image that a variable of the active notebook holds. */
export function MemoryPictures(props: IMemoryPicturesProps): JSX.Element | null {
  const { pictures, trans, onImage } = props;
  const id = useUniqueId();
  const [problem, setProblem] = useState('');
  if (!pictures.length) {
    return null;
  }
  const take = (variable: string) => {
    setProblem('');
    props.picture(variable).then(onImage, error => setProblem(messageOf(error)));
  };
  return (
    <div className="jp-modelmgmt-MemoryPictures">
      <label htmlFor={id}>{trans.__('Image in memory')}</label>
      <HTMLSelect id={id} value="" onChange={event => take(event.target.value)}>
        <option value="">{trans.__('Choose a variable')}</option>
        {pictures.map(({ variable, width, height }) => (
          <option key={variable} value={variable}>
            {trans.__('%1, %2 × %3', variable, width, height)}
          </option>
        ))}
      </HTMLSelect>
      {problem && <p role="alert">{problem}</p>}
    </div>
  );
}
