import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { type IModelVersion } from '../types';
import { basicFacts, configurationFacts, Facts, metadataFacts, numbers, values } from './facts';
import { useUniqueId } from './id';
import { Markdown, type RenderMarkdown } from './markdown';
import { type ITranslate, type Run } from './props';
import { FileTable } from './files';

// About what its place shows; a longer one would push all else out of sight.
const SHORT = { characters: 500, lines: 8 };

/** All that is known of one version (K8). */
export function VersionDetails(props: {
  readonly version: IModelVersion;
  readonly trans: ITranslate;
  readonly renderMarkdown: RenderMarkdown | null;
  run: Run;
}): JSX.Element {
  const { version, trans } = props;
  return (
    <section
      className="jp-modelmgmt-Details"
      aria-label={trans.__('Details of %1', version.version)}
    >
      <h2>
        {version.model}@{version.version}
      </h2>
      {version.description.trim() && (
        <Description key={version.version} {...props} text={version.description} />
      )}
      <Facts title={trans.__('Basic information')} facts={basicFacts(version, trans)} />
      <Facts title={trans.__('Model configuration')} facts={configurationFacts(version, trans)} />
      <Facts title={trans.__('Metadata')} facts={metadataFacts(version, trans)} />
      <Facts title={trans.__('Metrics')} facts={numbers(version.metrics)} />
      <Facts title={trans.__('Parameters')} facts={values(version.params)} />
      <Facts title={trans.__('Configuration')} facts={values(version.config)} />
      <h3>{trans.__('Files')}</h3>
      <FileTable version={version} trans={trans} run={props.run} />
    </section>
  );
}

/** What somebody wrote of a version; a long text is cut until one asks for the rest. */
function Description(props: {
  readonly text: string;
  readonly trans: ITranslate;
  readonly renderMarkdown: RenderMarkdown | null;
}): JSX.Element {
  const { text, trans } = props;
  const [isWhole, setIsWhole] = useState(false);
  const id = useUniqueId();
  const isLong = text.length > SHORT.characters || text.split('\n').length > SHORT.lines;
  const isCut = isLong && !isWhole;
  return (
    <div className="jp-modelmgmt-Description">
      <div id={id} className={isCut ? 'jp-modelmgmt-Description-cut' : undefined}>
        <Markdown text={text} render={props.renderMarkdown} />
      </div>
      {isLong && (
        <Button
          minimal
          small
          aria-expanded={isWhole}
          aria-controls={id}
          onClick={() => setIsWhole(!isWhole)}
        >
          {isWhole ? trans.__('Show less') : trans.__('Show all')}
        </Button>
      )}
    </div>
  );
}
