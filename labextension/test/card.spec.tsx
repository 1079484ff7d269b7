import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { completeness, loadingCode, missingFacts, packagesOf, references } from '../src/card';
import { CommandIDs } from '../src/commands/ids';
import { Card } from '../src/components/card';
import { changesOf } from '../src/history';
import { History } from '../src/components/history';
import { eventRecord, versionRecord } from './records';
import { trans } from './trans';

describe('the card', () => {
  it('counts what is known and never guesses', () => {
    const bare = versionRecord();
    expect(completeness(bare)).toBe(0);
    const told = versionRecord({
      description: 'Reads digits, see https://example.org/paper.',
      license: 'MIT',
      datasets: [{ dataset: 'd@1', role: 'train', digest: 'blake3:00' }]
    });
    expect(missingFacts(told)).toEqual([
      'evaluation',
      'architecture',
      'signature',
      'proof',
      'environment',
      'cells',
      'author'
    ]);
  });

  it('finds addresses without the full stop behind them, and origins first', () => {
    const version = versionRecord({
      description: 'See https://example.org/a(b), or (https://example.org/c).',
      parent: 'base@1.0.0',
      properties: { paper: 'https://example.org/c' }
    });
    expect(references(version)).toEqual([
      'base@1.0.0',
      'https://example.org/a(b',
      'https://example.org/c'
    ]);
  });

  it('asks for the yes where loading runs code, and for a download where nothing loads', () => {
    const verdict = { path: 'm.pkl', safety: 'code', imports: [], reason: '' } as const;
    expect(loadingCode(versionRecord({ safety: [verdict] }))).toContain('load(allow_code=True)');
    expect(loadingCode(versionRecord({ flavor: '' }))).toContain('.download("digits")');
  });

  it('sorts packages and bears an environment of another shape', () => {
    const environment = { python: '3.11.7', packages: { scipy: '1', numpy: '2' } };
    expect(packagesOf(versionRecord({ environment })).packages).toEqual([
      ['numpy', '2'],
      ['scipy', '1']
    ]);
    expect(packagesOf(versionRecord({ environment: { packages: 'none' } })).packages).toEqual([]);
  });

  it('says unknown, how to tell it, and opens no link of another scheme', () => {
    const run = jest.fn();
    render(
      <Card
        version={versionRecord({ source: 'javascript:alert(1)' })}
        source={{ kind: 'ready', value: null }}
        trans={trans}
        renderMarkdown={null}
        run={run}
      />
    );
    expect(screen.getByRole('region', { name: 'License' }).textContent).toContain('unknown');
    expect(screen.queryByRole('link')).toBeNull();
    fireEvent.click(screen.getByText('Edit…'));
    expect(run).toHaveBeenCalledWith(CommandIDs.editVersion, {
      model: 'digits',
      version: '1.0.0'
    });
  });

  it('says that a version takes images, which is a known signature', () => {
    const signature = { inputs: [], outputs: [], takes: 'image' };
    const version = versionRecord({ adapter: 'image_classifier', signature });
    expect(missingFacts(version)).not.toContain('signature');
    render(
      <Card
        version={version}
        source={{ kind: 'ready', value: null }}
        trans={trans}
        renderMarkdown={null}
        run={jest.fn()}
      />
    );
    const section = screen.getByRole('region', { name: 'Architecture' });
    expect(section.textContent).toContain('Takes images');
    expect(section.querySelector('table')).toBeNull();
  });
});

describe('the history', () => {
  it('reads old and new values out of an event', () => {
    const details = { changes: { tags: [['a'], ['a', 'b']], public: [false, true] }, reason: '' };
    expect(changesOf(eventRecord({ details }))).toEqual([
      { name: 'tags', before: 'a', after: 'a, b' },
      { name: 'public', before: 'false', after: 'true' }
    ]);
    const promoted = eventRecord({ details: { stage: ['staging', 'production'], comment: 'ok' } });
    expect(changesOf(promoted)).toEqual([
      { name: 'stage', before: 'staging', after: 'production' },
      { name: 'comment', before: '', after: 'ok' }
    ]);
  });

  it('narrows by words and by kind', () => {
    const items = [
      eventRecord({ id: 1, actor: 'ada' }),
      eventRecord({ id: 2, actor: 'grace', action: 'version.promoted' })
    ];
    render(<History part={{ items, hasMore: false }} trans={trans} onMore={jest.fn()} />);
    expect(screen.getAllByRole('row')).toHaveLength(3);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'GRACE promoted' } });
    expect(screen.getByRole('status').textContent).toBe('1 change');
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'version.registered' } });
    expect(screen.getByText('No change matches')).toBeTruthy();
  });
});
