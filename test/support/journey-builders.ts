import type { AttributionModel } from '../../src/attribution/domain/compare-models.js';
import { type Comparison, ModelComparison } from '../../src/attribution/domain/compare-models.js';
import type { Journey } from '../../src/attribution/domain/journey.js';

/** A path, its conversions and its nulls, as the published cases write them: ["search > email", 3, 2]. */
export type PublishedPath = readonly [path: string, conversions: number, nulls: number];

/** Value units of one conversion in {@link journeysOf}: so fine that a credit can be compared with decimals. */
export const FINE = 10n ** 15n;

/** A journey that converts once for 100 cents, all touches at the moment of the redemption. */
export function buildJourney(parties: readonly number[], overrides: Partial<Journey> = {}): Journey {
  const conversions = overrides.conversions ?? 1;
  return {
    ...{ parties, ages: parties.map(() => 0), codeOwner: parties.at(-1), conversions, nulls: 0 },
    value: BigInt(conversions) * 100n,
    ...overrides,
  };
}

/** The names on a path; what is empty is no touch. */
export function namesOn(path: string): string[] {
  const names = path.split('>').map((name) => name.trim());
  return names.filter((name) => name !== '');
}

/** Journeys of published paths, each conversion worth {@link FINE}, and the names of their parties in the order of the alphabet. */
export function journeysOf(paths: readonly PublishedPath[]): { names: string[]; journeys: Journey[] } {
  const names = [...new Set(paths.flatMap(([path]) => namesOn(path)))].sort();
  const journeys = paths
    .filter(([path]) => namesOn(path).length > 0)
    .map(([path, conversions, nulls]) => {
      const parties = namesOn(path).map((name) => names.indexOf(name));
      return buildJourney(parties, { conversions, nulls, value: BigInt(conversions) * FINE });
    });
  return { names, journeys };
}

export function compare(
  models: readonly AttributionModel[],
  parties: number,
  journeys: readonly Journey[],
): Comparison {
  const comparison = new ModelComparison(models, parties);
  for (const journey of journeys) comparison.take(journey);
  return comparison.result();
}

/** Amounts of one model by party. */
export function amountsOf({ credits }: Comparison, model: AttributionModel): readonly bigint[] {
  const given = credits.get(model);
  if (!given || 'undefined' in given) throw new Error(`${model} has no credits`);
  return given.amounts;
}

/** What a model credits to each name, in conversions: its value in units of {@link FINE}. Names without credit are left out. */
export function creditsByName(
  paths: readonly PublishedPath[],
  model: AttributionModel,
): Record<string, number> {
  const { names, journeys } = journeysOf(paths);
  const amounts = amountsOf(compare([model], names.length, journeys), model);
  const entries = names.map((name, party) => [name, Number(amounts[party]) / Number(FINE)] as const);
  return Object.fromEntries(entries.filter(([, credit]) => credit !== 0));
}
