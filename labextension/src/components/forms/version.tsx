import React, { useEffect, useState } from 'react';

import { BUMPS, bumped, FIRST_VERSION, isModelName, isVersion } from '../../rules';
import { type Bump } from '../../types';
import { type ITranslate } from '../props';
import { ChoiceField, TextField } from './fields';
import { type Errors, type IFormProps } from './form';

/** Wait this long after a key press before the server is asked. */
const TYPING_MS = 250;

/** How the name and the number of a new version are given. */
export interface IVersionValues {
  readonly name: string;
  readonly how: Bump | 'exact';
  readonly version: string;
}

/** The highest release of a model, null when it has none, undefined when there is no such model. */
export type LatestOf = (model: string) => Promise<string | null | undefined>;

export function checkVersion(values: IVersionValues, trans: ITranslate): Errors<IVersionValues> {
  return {
    ...(!isModelName(values.name) && {
      name: trans.__(
        'Use 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit.'
      )
    }),
    ...(values.how === 'exact' &&
      !isVersion(values.version) && {
        version: trans.__('Write major.minor.patch, for example 1.2.0.')
      })
  };
}

/** What the server is told: an exact version or a bump. */
export function versionOrBump(values: IVersionValues): { version: string } | { bump: Bump } {
  return values.how === 'exact' ? { version: values.version } : { bump: values.how };
}

/** Name and version; the radio buttons tell the version that each of them leads to. */
export function VersionFields(
  props: IFormProps<IVersionValues> & { readonly latestOf: LatestOf }
): JSX.Element {
  const { values, errors, trans, onChange } = props;
  const latest = useLatest(values.name, props.latestOf);
  return (
    <>
      <TextField
        label={trans.__('Model name')}
        required
        value={values.name}
        error={errors.name}
        hint={nameHint(latest, trans)}
        onChange={name => onChange({ name })}
      />
      <ChoiceField
        label={trans.__('Version')}
        value={values.how}
        options={versionOptions(latest ?? null, trans)}
        hint={trans.__('Semantic version (major.minor.patch)')}
        onChange={how => onChange({ how: how as IVersionValues['how'] })}
      />
      {values.how === 'exact' && (
        <TextField
          label={trans.__('Exact version')}
          value={values.version}
          placeholder={FIRST_VERSION}
          error={errors.version}
          onChange={version => onChange({ version })}
        />
      )}
    </>
  );
}

function nameHint(latest: string | null | undefined, trans: ITranslate): string {
  if (latest === undefined) {
    return trans.__('A new model');
  }
  return latest === null
    ? trans.__('This model has no release yet')
    : trans.__('The latest version is %1', latest);
}

function versionOptions(latest: string | null, trans: ITranslate) {
  const exact = { value: 'exact', label: trans.__('Exact version') };
  if (latest === null) {
    return [{ value: 'minor', label: trans.__('%1, the first', FIRST_VERSION) }, exact];
  }
  const labels: Record<Bump, string> = {
    major: trans.__('%1, major: breaking change or new architecture', bumped(latest, 'major')),
    minor: trans.__('%1, minor: improvements or new features', bumped(latest, 'minor')),
    patch: trans.__('%1, patch: fixes', bumped(latest, 'patch'))
  };
  return [...BUMPS.map(bump => ({ value: bump, label: labels[bump] })), exact];
}

function useLatest(name: string, latestOf: LatestOf): string | null | undefined {
  const [latest, setLatest] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      const answer = isModelName(name) ? latestOf(name) : Promise.resolve(undefined);
      answer.then(
        found => current && setLatest(found),
        // The hint alone depends on it; the server decides when the form is sent.
        () => current && setLatest(undefined)
      );
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [name, latestOf]);
  return latest;
}
