import { nullTranslator } from '@jupyterlab/translation';

export const trans = nullTranslator.load('jupyter_modelmgmt');
