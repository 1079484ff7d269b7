import { type ITranslator, nullTranslator } from '@jupyterlab/translation';
import {
  FilterBox,
  PanelWithToolbar,
  ReactWidget,
  refreshIcon,
  SidePanel,
  ToolbarButton
} from '@jupyterlab/ui-components';
import { type Message } from '@lumino/messaging';
import { AccordionLayout } from '@lumino/widgets';
import React from 'react';

import { LibrarySection, MemorySection, ModelsSection } from '../components/sections';
import { type ITranslate, type Run } from '../components/props';
import { modelsIcon } from '../icons';
import { type PagedList } from '../model/list';
import { type MemoryList } from '../model/memory';
import { type Resource } from '../model/resource';
import { type ILibraryEntry, type IModel } from '../types';

export interface ISidebarOptions {
  readonly models: PagedList<IModel>;
  readonly memory: MemoryList;
  readonly library: Resource<readonly ILibraryEntry[]>;
  readonly translator?: ITranslator;
  run: Run;
  onMenu: (model: IModel, x: number, y: number) => void;
}

/** The left panel: the models, what the notebook holds in memory, and the library. */
export class ModelsSidebar extends SidePanel {
  constructor(private _options: ISidebarOptions) {
    const translator = _options.translator ?? nullTranslator;
    super({ translator });
    const trans = translator.load('jupyter_modelmgmt');
    const { models, memory, library, run, onMenu } = _options;
    this.id = 'jp-modelmgmt-sidebar';
    this.addClass('jp-modelmgmt-Sidebar');
    this.title.icon = modelsIcon;
    this.title.caption = trans.__('Models');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Models'));
    this.header.addWidget(searchBox(models, trans));
    this.addWidget(
      section(
        trans.__('Models'),
        trans,
        () => models.refresh(),
        <ModelsSection list={models} trans={trans} run={run} onMenu={onMenu} />
      )
    );
    this.addWidget(
      section(
        trans.__("In this notebook's memory"),
        trans,
        () => memory.refresh(),
        <MemorySection memory={memory} trans={trans} run={run} />
      )
    );
    this.addWidget(
      section(
        trans.__('Library'),
        trans,
        () => library.refresh(),
        <LibrarySection library={library} trans={trans} run={run} />
      )
    );
  }

  /** Gives the models half of the height; called once, when there is a height to give. */
  private _share(): void {
    if (!this._isShared && this.content.layout instanceof AccordionLayout) {
      this._isShared = true;
      this.content.layout.setRelativeSizes([2, 1, 1]);
    }
  }

  private _isShared = false;

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._share();
    this.refresh();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this.refresh();
    }
  }

  refresh(): void {
    this.refreshModels();
    this.refreshMemory();
    void this._options.library.refresh();
  }

  /** Reads the models again; a hidden panel does so when it is shown. */
  refreshModels(): void {
    if (this.isVisible) {
      void this._options.models.refresh();
    }
  }

  refreshMemory(): void {
    if (this.isVisible) {
      void this._options.memory.refresh();
    }
  }
}

function searchBox(models: PagedList<IModel>, trans: ITranslate): ReactWidget {
  // FilterBox filters again whenever it gets another function.
  const search = (_: unknown, query?: string) => {
    models.search = query ?? '';
  };
  const box = ReactWidget.create(
    <FilterBox placeholder={trans.__('Search models')} updateFilter={search} />
  );
  box.addClass('jp-modelmgmt-Search');
  return box;
}

function section(
  label: string,
  trans: ITranslate,
  refresh: () => Promise<void>,
  content: JSX.Element
): PanelWithToolbar {
  const panel = new PanelWithToolbar();
  panel.addClass('jp-modelmgmt-Section');
  panel.title.label = label;
  panel.toolbar.node.setAttribute('aria-label', trans.__('%1 toolbar', label));
  panel.toolbar.addItem(
    'refresh',
    new ToolbarButton({
      icon: refreshIcon,
      tooltip: trans.__('Refresh'),
      onClick: () => void refresh()
    })
  );
  const body = ReactWidget.create(content);
  body.addClass('jp-modelmgmt-Section-content');
  panel.addWidget(body);
  return panel;
}
