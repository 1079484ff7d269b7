import { type Cell } from '@jupyterlab/cells';
import { PageConfig } from '@jupyterlab/coreutils';
import { type INotebookTracker, type NotebookPanel, NotebookActions } from '@jupyterlab/notebook';

import { CommandIDs } from '../commands/ids';
import { type ITranslate, type Run } from '../components/props';
import { type Changes } from '../model/changes';
import { type IOpenNotebook, type Origins } from '../model/origins';
import { type Preferences } from '../model/preferences';

const CLASS = 'jp-modelmgmt-CellLinks';

export interface ICellLinksOptions {
  readonly notebooks: INotebookTracker;
  readonly changes: Changes;
  readonly origins: Origins;
  readonly preferences: Preferences;
  readonly trans: ITranslate;
  run: Run;
}

/** Shows below cells which versions came of them: a click opens the version (N18). */
export function linkCells(options: ICellLinksOptions): void {
  const { notebooks, changes, origins, preferences } = options;
  const draw = () => notebooks.forEach(panel => drawPanel(options, panel));
  changes.changed.connect((_, events) => void origins.note(events, opened(notebooks)));
  NotebookActions.executed.connect(() => origins.settle(opened(notebooks)));
  origins.changed.connect(draw);
  preferences.changed.connect(draw);
  notebooks.widgetAdded.connect((_, panel) => {
    void panel.context.ready.then(() => {
      panel.content.model?.cells.changed.connect(() => drawPanel(options, panel));
      drawPanel(options, panel);
    });
  });
}

function opened(notebooks: INotebookTracker): IOpenNotebook[] {
  const root = PageConfig.getOption('serverRoot').replace(/\/$/, '');
  const found: IOpenNotebook[] = [];
  notebooks.forEach(panel => {
    found.push({
      path: `${root}/${panel.context.path}`,
      cellOf: count => panel.content.widgets.find(cell => countOf(cell) === count)?.model.id
    });
  });
  return found;
}

function countOf({ model }: Cell): unknown {
  return model.sharedModel.cell_type === 'code'
    ? model.sharedModel.toJSON()['execution_count']
    : null;
}

function drawPanel(options: ICellLinksOptions, panel: NotebookPanel): void {
  const { origins, preferences } = options;
  for (const cell of panel.content.widgets) {
    const selectors = preferences.value.cellLinks ? origins.of(cell.model.id) : [];
    drawCell(options, cell, selectors);
  }
}

function drawCell(options: ICellLinksOptions, cell: Cell, selectors: readonly string[]): void {
  const { trans, run } = options;
  const before = cell.node.querySelector(`:scope > .${CLASS}`);
  if (!selectors.length) {
    before?.remove();
    return;
  }
  const links = document.createElement('div');
  links.className = CLASS;
  for (const selector of selectors) {
    const [model, version] = selector.split('@');
    const link = document.createElement('button');
    link.type = 'button';
    link.textContent = `→ ${model} ${version}`;
    link.title = trans.__('This cell made %1. Open it.', selector);
    link.onclick = () => run(CommandIDs.openModel, { model, version, tab: 'card' });
    links.append(link);
  }
  if (before) {
    before.replaceWith(links);
  } else {
    cell.node.append(links);
  }
}
