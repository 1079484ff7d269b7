import { type INotebookTracker } from '@jupyterlab/notebook';
import { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';

import { type RegistryApi } from '../api';
import { cellOf, type CellKind } from '../insertion';
import { type TreeRow } from '../model/tree';
import { type IModelVersion, type IVersionSummary } from '../types';

/** What Lab's notebooks take when it is dropped between their cells. */
const CELLS = 'application/vnd.jupyter.cells';

/** Lets a version be dragged from the tree into a notebook, where it becomes a cell (N19). */
export class VersionDrag {
  constructor(
    private _api: RegistryApi,
    private _notebooks: INotebookTracker | null
  ) {}

  /** Begins to drag what `row` stands for; Shift makes it a predict cell, Alt a live widget. */
  async start(row: TreeRow, event: MouseEvent): Promise<void> {
    const version = versionOf(row);
    if (!version || !this._notebooks?.size) {
      return;
    }
    const { clientX, clientY } = event;
    const kind = event.shiftKey ? 'predict' : event.altKey ? 'widget' : 'load';
    const drag = new Drag({
      mimeData: dataOf(await this._detailed(version, kind), kind),
      dragImage: imageOf(`${version.model}@${version.version}`),
      proposedAction: 'copy',
      supportedActions: 'copy',
      source: this
    });
    await drag.start(clientX, clientY);
    drag.dispose();
  }

  /** The version with its signature, which only a predict cell needs. */
  private async _detailed(
    version: IVersionSummary,
    kind: CellKind
  ): Promise<IVersionSummary | IModelVersion> {
    return kind === 'predict' ? this._api.version(version.model, version.version) : version;
  }
}

/** The version of a row; of a model it is the one that its row shows. */
export function versionOf(row: TreeRow): IVersionSummary | null {
  if (row.kind === 'version') {
    return row.version;
  }
  return row.kind === 'model' ? (row.model.latest ?? row.model.newest ?? null) : null;
}

function dataOf(version: IVersionSummary, kind: CellKind): MimeData {
  const source = cellOf(version, kind);
  const data = new MimeData();
  data.setData(CELLS, [
    { cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null }
  ]);
  data.setData('text/plain', source);
  return data;
}

function imageOf(label: string): HTMLElement {
  const image = document.createElement('div');
  image.className = 'jp-modelmgmt-DragImage';
  image.textContent = label;
  return image;
}
