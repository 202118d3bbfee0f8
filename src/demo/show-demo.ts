import type { Environment } from '../platform/config/environment.js';
import type { ReportAnswer } from '../reports/domain/report-answer.js';
import type { RunningApplication } from '../start-application.js';
import { ApiClient } from './api-client.js';
import { DemoNotebook } from './demo-notes.js';
import { findDemo } from './find-demo.js';
import { renderAddresses, renderKeys, renderReports } from './render-demo.js';
import { suggestRequests } from './suggest-requests.js';
import { tellStory } from './tell-story.js';

/** What the demo needs of a running Tandem; it comes in by HTTP like everybody else. */
type Host = Pick<RunningApplication, 'url' | 'newOperatorKey'>;
type Settings = Pick<Environment, 'DATA_DIR' | 'OPERATOR_KEY' | 'ROLE'>;

/**
 * Sets the demo up on the first start and shows its report on every start. Never throws: a demo that fails, or is broken
 * off by Ctrl-C, must not take the service with it.
 */
export async function showDemo(
  host: Host,
  environment: Settings,
  tell: (step: string) => void,
  write: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<void> {
  if (environment.ROLE === 'worker') return;
  const notebook = new DemoNotebook(environment.DATA_DIR);
  try {
    const api = new ApiClient(host.url, '');
    if (host.newOperatorKey !== undefined) notebook.change({ operatorKey: host.newOperatorKey });
    const keys = { made: host.newOperatorKey, configured: environment.OPERATOR_KEY };
    const state = await findDemo(api, notebook, keys, Date.now());
    if (state.kind === 'left-alone') return write(`The demo is left out: ${state.why}.\n`);
    if (state.kind === 'to-do') await tellStory(api.as(state.operatorKey), notebook, state.today, tell);
    write(await renderDemo(api, notebook));
  } catch (error) {
    const why = describe(error);
    write(`The demo is not complete (${why}). The next start goes on with it; DEMO=off leaves it out.\n`);
  }
}

async function renderDemo(api: ApiClient, { current, file }: DemoNotebook): Promise<string> {
  const admin = api.as(current.keys?.['gym admin'] ?? '');
  const report = `/v1/campaigns/${current.campaignId}/report?groupBy=`;
  const byPartner = await admin.get<ReportAnswer>(`${report}partner`);
  const byPlacement = await admin.get<ReportAnswer>(`${report}placement`);
  const parts = [
    renderReports({ byPartner, byPlacement }),
    renderAddresses(api.url),
    renderKeys(current, file),
    suggestRequests(api.url, current, Date.now()),
  ];
  return `\n${parts.join('\n')}`;
}

/** What went wrong on the way to the service stands in the cause of what fetch throws. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
