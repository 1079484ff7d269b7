import '../../style/base.css';
import '../../style/panel.css';
import '../../style/widget.css';

import React from 'react';

import { ModelTreeView } from '../components/modeltree';
import { type TreeRow } from '../model/tree';
import { type IModel, type IVersionSummary } from '../types';
import { type IWidgetModel, rendered, untranslated as trans, useTrait } from './live';

type Versions = Readonly<Record<string, readonly IVersionSummary[]>>;

function ModelsWidget(props: { readonly model: IWidgetModel }): JSX.Element {
  const { model: widget } = props;
  const [search, setSearch] = useTrait<string>(widget, 'search');
  const [models] = useTrait<readonly IModel[]>(widget, 'models');
  const [versions] = useTrait<Versions>(widget, 'versions');
  const [hasMore] = useTrait<boolean>(widget, 'has_more');
  const [selected, select] = useTrait<string>(widget, 'selected');
  const toggle = ({ name }: IModel) =>
    widget.send({ verb: name in versions ? 'close' : 'open', model: name });
  return (
    <section className="jp-modelmgmt-Widget-models" aria-label={trans.__('Models')}>
      <div className="jp-modelmgmt-Widget-bar">
        <input
          type="search"
          className="jp-mod-styled"
          aria-label={trans.__('Search models')}
          placeholder={trans.__('Search models')}
          value={search}
          onChange={event => setSearch(event.target.value)}
        />
        <span className="jp-modelmgmt-muted" role="status">
          {selected ? trans.__('Selected: %1', selected) : trans.__('Click one to select it')}
        </span>
      </div>
      {models.length ? (
        <ModelTreeView
          rows={models.flatMap(model => rowsOf(model, versions))}
          hasMore={false}
          trans={trans}
          onOpen={({ name }, version) => select(version ? `${name}@${version.version}` : name)}
          onToggle={toggle}
          onMenu={() => undefined}
          onMore={() => undefined}
        />
      ) : (
        <p className="jp-modelmgmt-muted">{trans.__('No model matches')}</p>
      )}
      {hasMore && (
        <p className="jp-modelmgmt-muted">
          {trans.__('There are more; search, or set limit from code.')}
        </p>
      )}
    </section>
  );
}

function rowsOf(model: IModel, all: Versions): TreeRow[] {
  const versions = all[model.name];
  return [
    { kind: 'model', model, isOpen: versions !== undefined },
    ...(versions ?? []).map(version => ({ kind: 'version', model, version }) as const)
  ];
}

export default rendered(ModelsWidget);
