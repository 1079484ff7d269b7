import { type IStateDB } from '@jupyterlab/statedb';
import { type ITranslator, nullTranslator } from '@jupyterlab/translation';
import {
  PanelWithToolbar,
  ReactWidget,
  refreshIcon,
  SidePanel,
  ToolbarButton
} from '@jupyterlab/ui-components';
import { type Message, MessageLoop } from '@lumino/messaging';
import { AccordionPanel, Widget } from '@lumino/widgets';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { type ITranslate, type OpenMenu, type Run } from '../components/props';
import { SearchHead } from '../components/searchhead';
import {
  DeploymentsSection,
  LibrarySection,
  MemorySection,
  ModelsSection
} from '../components/sections';
import { modelsIcon } from '../icons';
import { type Changes } from '../model/changes';
import { type MemoryList } from '../model/memory';
import { narrowing, Query } from '../model/query';
import { type Resource } from '../model/resource';
import { type ModelTree, type TreeRow } from '../model/tree';
import { type IDeployment, type ILibraryEntry, type IMemoryModel } from '../types';

/** Wait this long after a key press before the server is asked. */
const TYPING_MS = 250;

// Heights, as shares of the whole, that differ by less were chosen by nobody.
const SAME = 0.01;

const FOLDED_KEY = 'jupyter-modelmgmt:folded';

export interface ISidebarOptions {
  readonly tree: ModelTree;
  readonly memory: MemoryList;
  readonly deployments: Resource<readonly IDeployment[]>;
  readonly library: Resource<readonly ILibraryEntry[]>;
  readonly changes: Changes;
  readonly stages: Resource<readonly string[]>;
  readonly state?: IStateDB | null;
  readonly translator?: ITranslator;
  run: Run;
  readonly menus: ISidebarMenus;
  onDrag: (row: TreeRow, event: MouseEvent) => void;
}

/** Opens the menus of what the sections list. */
export interface ISidebarMenus {
  readonly row: OpenMenu<TreeRow>;
  readonly memory: OpenMenu<IMemoryModel>;
  readonly deployment: OpenMenu<IDeployment>;
  readonly entry: OpenMenu<ILibraryEntry>;
}

/** The left panel: what is in memory, the models, what is deployed, and the library. */
export class ModelsSidebar extends SidePanel {
  constructor(private _options: ISidebarOptions) {
    const translator = _options.translator ?? nullTranslator;
    super({ translator });
    const trans = translator.load('jupyter_modelmgmt');
    this.id = 'jp-modelmgmt-sidebar';
    this.addClass('jp-modelmgmt-Sidebar');
    this.title.icon = modelsIcon;
    this.title.caption = trans.__('Models');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Models'));
    const { tree, changes, stages } = _options;
    const head = ReactWidget.create(
      <SearchHead query={this.query} {...{ tree, changes, stages, trans }} />
    );
    head.addClass('jp-modelmgmt-SearchHead');
    this.header.addWidget(head);
    this._addSections(trans);
    this.query.changed.connect(this._onQuery, this);
    // The head grows with filters and errors; the sections lay themselves out in what is left.
    this._sized.observe(this.content.node);
    void this._rememberFolding();
  }

  readonly query = new Query();

  override dispose(): void {
    clearTimeout(this._typing);
    this._sized.disconnect();
    this.query.dispose();
    super.dispose();
  }

  /** Puts `text` into the search box and the cursor behind it. */
  search(text: string): void {
    if (text) {
      this.query.set({ text });
    }
    this.header.node.querySelector('input')?.focus();
  }

  refresh(): void {
    this.refreshModels();
    this.refreshMemory();
    if (this.isVisible) {
      void this._options.library.refresh();
      void this._options.stages.refresh();
    }
  }

  /** Reads models and deployments again; a hidden panel does so when it is shown. */
  refreshModels(): void {
    if (this.isVisible) {
      void this._options.tree.refresh();
      void this._options.deployments.refresh();
    }
  }

  refreshMemory(): void {
    if (this.isVisible) {
      void this._options.memory.refresh();
    }
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.share();
    this.refresh();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this.refresh();
    }
  }

  /**
   * Gives the models most of the height, unless somebody gave the sections theirs.
   *
   * JupyterLab keeps the heights of a panel that was never shown too, as all the same.
   */
  share(): void {
    const { content } = this;
    if (content instanceof AccordionPanel) {
      const heights = content.relativeSizes();
      if (Math.max(...heights) - Math.min(...heights) < SAME) {
        content.setRelativeSizes([3, 5, 3, 3]);
      }
    }
  }

  private _addSections(trans: ITranslate): void {
    const { tree, memory, deployments, library, run, menus, onDrag } = this._options;
    const shared = { query: this.query, trans, run };
    this.addWidget(
      section(trans.__('In memory'), trans, () => memory.refresh(), [
        <MemorySection key="memory" {...shared} memory={memory} onMenu={menus.memory} />
      ])
    );
    const models = section(trans.__('Models'), trans, () => tree.refresh(), [
      <ModelsSection key="models" {...shared} tree={tree} onMenu={menus.row} onDrag={onDrag} />
    ]);
    models.toolbar.insertItem(
      0,
      'runs',
      new ToolbarButton({
        label: trans.__('Runs'),
        tooltip: trans.__('Show runs with their metrics, params and curves'),
        onClick: () => run(CommandIDs.showRuns)
      })
    );
    this.addWidget(models);
    this.addWidget(
      section(trans.__('Deployments'), trans, () => deployments.refresh(), [
        <DeploymentsSection
          key="deployments"
          {...shared}
          deployments={deployments}
          onMenu={menus.deployment}
        />
      ])
    );
    this.addWidget(
      section(trans.__('Library'), trans, () => library.refresh(), [
        <LibrarySection key="library" {...shared} library={library} onMenu={menus.entry} />
      ])
    );
  }

  private _onQuery(): void {
    clearTimeout(this._typing);
    this._typing = setTimeout(() => {
      const { search, filter } = narrowing(this.query.value);
      void this._options.tree.narrow(search, filter);
    }, TYPING_MS);
  }

  /** Folds the sections that were folded before a reload, and remembers which are. */
  private async _rememberFolding(): Promise<void> {
    const { state } = this._options;
    const { content } = this;
    if (!state || !(content instanceof AccordionPanel)) {
      return;
    }
    const folded = ((await state.fetch(FOLDED_KEY)) ?? []) as number[];
    folded.forEach(index => content.collapse(index));
    content.expansionToggled.connect(() => {
      const hidden = content.widgets.flatMap(({ isHidden }, index) => (isHidden ? index : []));
      void state.save(FOLDED_KEY, hidden);
    });
  }

  private _sized = new ResizeObserver(() => {
    MessageLoop.postMessage(this.content, Widget.ResizeMessage.UnknownSize);
  });
  private _typing: ReturnType<typeof setTimeout> | undefined;
}

function section(
  label: string,
  trans: ITranslate,
  refresh: () => Promise<void>,
  content: JSX.Element[]
): PanelWithToolbar {
  const panel = new PanelWithToolbar();
  panel.addClass('jp-modelmgmt-Section');
  panel.title.label = label;
  panel.toolbar.node.setAttribute('aria-label', trans.__('%1 toolbar', label));
  panel.toolbar.addItem(
    'refresh',
    new ToolbarButton({
      icon: refreshIcon,
      tooltip: trans.__('Refresh %1', label),
      onClick: () => void refresh()
    })
  );
  const body = ReactWidget.create(<>{content}</>);
  body.addClass('jp-modelmgmt-Section-content');
  panel.addWidget(body);
  return panel;
}
