// npm run replay -- <folder>: drives the Complete Journey data through the HTTP API and compares with what its README
// expects. Exit code 1 when a figure differs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compareRows, renderRows, toRow } from './complete-journey/campaign-rows.js';
import { renderCreditRows } from './complete-journey/credit-rows.js';
import { readJourney } from './complete-journey/read-journey.js';
import { type Replay, replayJourney } from './complete-journey/replay-journey.js';
import { openTarget } from './replay-target.js';

/** The campaigns with the most mailings and redemptions. */
const SHOWN_CREDITS = ['8', '13'];

const startedAt = performance.now();

async function main(folder: string | undefined): Promise<number> {
  if (folder === undefined || !existsSync(join(folder, 'coupon_redemptions.csv'))) {
    process.stderr.write('Usage: npm run replay -- <folder with the Complete Journey data>\n');
    return 2;
  }
  const journey = readJourney(folder);
  const target = await openTarget(tell);
  try {
    return report(await replayJourney(target.operator, journey, tell));
  } finally {
    await target.stop();
  }
}

function report({ campaigns, results, replayed }: Replay): number {
  const rows = campaigns.map(toRow);
  const { isOk, text } = compareRows(rows);
  const refused = results.filter(({ status }) => status === 'refused').length;
  process.stdout.write(
    `\n${results.length} redemptions: ${results.length - refused} accepted, ${refused} refused, ${replayed} replayed\n\n`,
  );
  process.stdout.write(`${renderRows(rows)}\n${text}`);
  for (const { plan, credits } of campaigns.filter(({ plan: { id } }) => SHOWN_CREDITS.includes(id)))
    process.stdout.write(
      `\nCampaign ${plan.id}: what each model credits to the issuers\n${renderCreditRows(credits)}`,
    );
  return isOk ? 0 : 1;
}

function tell(step: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${seconds.padStart(6)} s  ${step}\n`);
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
