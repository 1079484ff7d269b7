import { isRunning } from './rules';
import { type IModelVersion, type IVersionSummary } from './types';

/** What a version becomes in a notebook (N19). */
export type CellKind = 'load' | 'predict' | 'widget';

export const CELL_KINDS: readonly CellKind[] = ['load', 'predict', 'widget'];

const SHOWN_COLUMNS = 20;

/** The code of a cell that uses `version`; with the signature it knows what the version takes. */
export function cellOf(version: IVersionSummary | IModelVersion, kind: CellKind): string {
  const selector = `${version.model}@${version.version}`;
  const head = ['import jupyter_modelmgmt as mm', ''];
  switch (kind) {
    case 'load':
      return [...head, ...loading(version, selector)].join('\n');
    case 'predict':
      return [...head, ...predicting(version, selector)].join('\n');
    case 'widget':
      return [...head, `mm.widgets.Test("${selector}")`].join('\n');
  }
}

/** A variable's name for a model: `my-faces` becomes `my_faces`. */
export function variableOf(model: string): string {
  const name = model.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(name) ? name : `model_${name}`;
}

function loading(version: IVersionSummary, selector: string): string[] {
  const name = variableOf(version.model);
  return version.flavor
    ? [`${name} = mm.connect().get("${selector}").load()`, name]
    : [
        '# No flavor loads this version: its files are written to a folder.',
        `mm.connect().get("${selector}").download("${version.model}-${version.version}")`
      ];
}

function predicting(version: IVersionSummary | IModelVersion, selector: string): string[] {
  const running = version.deployments.find(badge => isRunning(badge.state));
  const service = running
    ? `service = mm.connect().deployment("${running.name}")`
    : `service = mm.connect().deploy("${selector}")`;
  const { inputs, takes } = 'signature' in version ? version.signature : UNKNOWN;
  if (takes === 'image' || (!takes && 'adapter' in version && version.adapter)) {
    return [service, 'service.predict("photo.jpg")'];
  }
  if (takes === 'text') {
    return [service, 'service.predict("a text")'];
  }
  if (!inputs.length) {
    return [service, 'service.predict(x[:5])  # the rows to predict on'];
  }
  return [service, ...example(inputs)];
}

const UNKNOWN: IModelVersion['signature'] = { inputs: [], outputs: [], takes: '' };

type Inputs = IModelVersion['signature']['inputs'];

function example(inputs: Inputs): string[] {
  const [first] = inputs;
  const { shape } = first!;
  if (inputs.length === 1 && shape.length > 1) {
    const sizes = shape.map(size => Math.max(1, size));
    return ['import numpy as np', '', `service.predict(np.zeros((${sizes.join(', ')})))`];
  }
  const columns = inputs
    .slice(0, SHOWN_COLUMNS)
    .map(({ name, datatype }) => `    "${name}": [${zero(datatype)}],`);
  return [
    'import pandas as pd',
    '',
    'rows = pd.DataFrame({',
    ...columns,
    '})',
    'service.predict(rows)'
  ];
}

function zero(datatype: string): string {
  if (datatype === 'BYTES') {
    return '""';
  }
  if (datatype === 'BOOL') {
    return 'False';
  }
  return datatype.startsWith('FP') ? '0.0' : '0';
}
