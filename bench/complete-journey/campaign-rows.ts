import type { RenderedFigure } from '../../src/kernel/figure.js';
import { alignColumns } from '../../src/reports/domain/align-columns.js';
import type { ReplayedCampaign } from './replay-journey.js';

const COLUMNS = [
  'campaign',
  'redemptions',
  'households',
  'promoReceipts',
  'on covered days',
  'allReceipts',
  'promoRating %',
  'revenue',
  'issuers',
  'roi',
] as const;

/** One campaign as a line of the table; a figure without a value shows why. */
export type CampaignRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** What the README of the data expects, worked out there without Tandem. */
const EXPECTED: readonly Omit<CampaignRow, 'roi'>[] = [
  {
    ...{ campaign: '8', redemptions: '372', households: '158', promoReceipts: '233' },
    ...{ 'on covered days': '153', allReceipts: '6412', 'promoRating %': '2.386151' },
    ...{ revenue: '965.47', issuers: '64' },
  },
  {
    ...{ campaign: '27', redemptions: '64', households: '36', promoReceipts: '48' },
    ...{ 'on covered days': '39', allReceipts: '6056', 'promoRating %': '0.643989' },
    ...{ revenue: '240.48', issuers: '30' },
  },
];

export function toRow({ plan, report }: ReplayedCampaign): CampaignRow {
  const { figures, groups = [] } = report;
  const { newCustomers, returningCustomers, promoRating } = figures;
  const active = groups.filter((group) => show(group.figures.acceptedRedemptions) !== '0');
  return {
    campaign: plan.id,
    redemptions: show(figures.acceptedRedemptions),
    // Every redemption names its household, and each counts where its first one was.
    households: String(Number(show(newCustomers)) + Number(show(returningCustomers))),
    promoReceipts: show(figures.promoReceipts),
    'on covered days': promoRating.parts?.['promoReceipts'] ?? '-',
    allReceipts: show(figures.allReceipts),
    'promoRating %': show(promoRating),
    revenue: show(figures.revenue),
    issuers: String(active.length),
    roi: show(figures.roi),
  };
}

export function renderRows(rows: readonly CampaignRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => row[column]));
  const numbers = COLUMNS.map((_, index) => index);
  return `${alignColumns([[...COLUMNS], ...lines], numbers).join('\n')}\n`;
}

/** A sentence per expected campaign, and whether all are as expected. */
export function compareRows(rows: readonly CampaignRow[]): { readonly isOk: boolean; readonly text: string } {
  const outcomes = EXPECTED.map((expected) => {
    const row = rows.find(({ campaign }) => campaign === expected.campaign);
    const faults = Object.entries(expected)
      .map(([column, value]) => ({ column, value, got: row?.[column as keyof CampaignRow] ?? 'nothing' }))
      .filter(({ value, got }) => value !== got)
      .map(({ column, value, got }) => `${column} is ${got}, expected ${value}`);
    const verdict = faults.length === 0 ? 'OK' : `differs: ${faults.join('; ')}`;
    return { isOk: faults.length === 0, line: `Campaign ${expected.campaign}: ${verdict}\n` };
  });
  return {
    isOk: outcomes.every(({ isOk }) => isOk),
    text: outcomes.map(({ line }) => line).join(''),
  };
}

function show(figure: RenderedFigure): string {
  return 'undefined' in figure ? figure.undefined : figure.value;
}
