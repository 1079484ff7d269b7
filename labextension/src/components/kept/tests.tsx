import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../../commands/ids';
import { inShort } from '../../differences';
import { standingOf } from '../../kept';
import { type ITested, type Kept } from '../../model/kept';
import { type IKeptResult, type IKeptTest, type IKeptTests } from '../../types';
import { type ITranslate, type Run } from '../props';
import { Failed, FetchedView } from '../states';
import { TestsBadge } from './badge';
import { KeptRow } from './row';

/** More versions are not told below the tests; the table of versions has them all. */
const MOST_VERSIONS = 8;

export interface IKeptProps {
  readonly kept: Kept;
  readonly trans: ITranslate;
  run: Run;
}

/** The kept tests of a model and how the version that is shown stands with them (N10). */
export function KeptSection(props: IKeptProps): JSX.Element | null {
  const { kept, trans } = props;
  const { tested } = kept;
  return tested ? (
    <section className="jp-modelmgmt-Kept" aria-label={trans.__('Kept tests')}>
      <FetchedView state={kept.tests.state} trans={trans} onRetry={() => void kept.refresh()}>
        {tests => <Content {...props} tests={tests} tested={tested} />}
      </FetchedView>
    </section>
  ) : null;
}

interface IContentProps extends IKeptProps {
  readonly tests: IKeptTests;
  readonly tested: ITested;
}

function Content(props: IContentProps): JSX.Element {
  const { kept, tests, trans } = props;
  return (
    <>
      <KeptHead {...props} />
      {kept.problem && <Failed message={kept.problem} trans={trans} />}
      {tests.items.length ? (
        <>
          <KeptTable {...props} />
          <OtherVersions {...props} />
        </>
      ) : (
        <p className="jp-modelmgmt-muted">
          {trans.__(
            'Nothing is kept yet. Predict, then press “Keep this test…”: every new version is asked again.'
          )}
        </p>
      )}
    </>
  );
}

function KeptHead({ kept, tests, tested, trans }: IContentProps): JSX.Element {
  const { run } = kept;
  const standing = standingOf(tests, tested.version);
  return (
    <div className="jp-modelmgmt-Tools">
      <h2>{trans.__('Kept tests')}</h2>
      {standing && (
        <>
          <span className="jp-modelmgmt-muted">{tested.version}</span>
          <TestsBadge standing={standing} trans={trans} />
        </>
      )}
      {run ? (
        <>
          <progress
            aria-label={trans.__('Running kept tests')}
            value={run.done}
            max={run.names.length}
          />
          <span role="status">
            {trans.__('%1 of %2 with %3', run.done, run.names.length, run.version)}
          </span>
          <Button className="jp-mod-styled jp-mod-reject" onClick={() => kept.cancel()}>
            {trans.__('Cancel')}
          </Button>
        </>
      ) : (
        standing && (
          <Button className="jp-mod-styled" onClick={() => void kept.start()}>
            {trans.__('Run all with %1', tested.version)}
          </Button>
        )
      )}
    </div>
  );
}

function KeptTable(props: IContentProps): JSX.Element {
  const { kept, tests, tested, trans } = props;
  const results = new Map<string, IKeptResult>(
    (kept.results.value ?? []).map(result => [result.test, result])
  );
  return (
    <table className="jp-modelmgmt-Kept-table">
      <thead>
        <tr>
          <th scope="col">{trans.__('Input')}</th>
          <th scope="col">{trans.__('Test')}</th>
          <th scope="col">{trans.__('Expected')}</th>
          <th scope="col">{trans.__('With %1', tested.version)}</th>
          <th scope="col" aria-label={trans.__('Actions')} />
        </tr>
      </thead>
      <tbody>
        {tests.items.map(test => (
          <KeptRow
            key={test.name}
            test={test}
            result={results.get(test.name)}
            expected={inShort(test.expected)}
            url={isShown(test) ? kept.inputUrl(test) : null}
            isBusy={kept.run !== null}
            isWaiting={kept.run?.names.includes(test.name) ?? false}
            trans={trans}
            onRun={() => void kept.start([test.name])}
            onRemove={() =>
              props.run(CommandIDs.removeTest, { model: test.model, test: test.name })
            }
          />
        ))}
      </tbody>
    </table>
  );
}

/** Whether a browser draws the input. */
function isShown({ media }: IKeptTest): boolean {
  return media.startsWith('image/');
}

function OtherVersions({ tests, tested, trans, run }: IContentProps): JSX.Element | null {
  const { model } = tested;
  const others = tests.tallies.filter(({ version }) => version !== tested.version);
  if (!others.length) {
    return null;
  }
  return (
    <ul className="jp-modelmgmt-Kept-others" aria-label={trans.__('Other versions')}>
      <li className="jp-modelmgmt-muted" aria-hidden="true">
        {trans.__('Other versions')}
      </li>
      {others.slice(0, MOST_VERSIONS).map(({ version }) => (
        <li key={version}>
          <Button minimal small onClick={() => run(CommandIDs.testVersion, { model, version })}>
            {version}
          </Button>
          <TestsBadge standing={standingOf(tests, version)!} trans={trans} />
        </li>
      ))}
    </ul>
  );
}
