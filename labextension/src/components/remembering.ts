import { useEffect } from 'react';

import { type Remembered } from '../model/remembered';
import { type IModelVersion } from '../types';
import { inMemory, type IAnswerer } from './answerers';
import { type IMemoryPicturesProps } from './memorypictures';
import { type ITranslate } from './props';
import { useRedraw } from './signal';

/** What a Test tab shows of the active notebook's memory. */
export interface ITestMemory extends Pick<IMemoryPicturesProps, 'pictures' | 'picture'> {
  readonly objects: readonly IAnswerer[];
}

/** The memory of the active notebook, read anew as long as the component is shown; `like` says how objects are asked. */
export function useTestMemory(
  remembered: Remembered,
  like: IModelVersion | null | undefined,
  trans: ITranslate
): ITestMemory {
  useRedraw(remembered.changed);
  useEffect(() => remembered.watch(), [remembered]);
  return {
    objects: like ? inMemory(remembered.memory, like, trans) : [],
    pictures: remembered.pictures,
    picture: variable => remembered.picture(variable)
  };
}
