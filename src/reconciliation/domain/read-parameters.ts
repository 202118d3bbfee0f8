/** What `npm run reconcile` is asked to do. */
export interface Parameters {
  readonly redeemerId: string | null;
  readonly campaignId: string | null;
  readonly repairs: boolean;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads the words of the command line; undefined when they are not to be understood. */
export function readParameters(words: readonly string[]): Parameters | undefined {
  const read = { redeemerId: null as string | null, campaignId: null as string | null, repairs: false };
  const rest = words.flatMap((word) => (/^--\w+=/.test(word) ? split(word) : [word]));
  for (let place = 0; place < rest.length; place += 1) {
    const id = rest[place + 1] ?? '';
    switch (rest[place]) {
      case '--repair':
        read.repairs = true;
        continue;
      case '--redeemer':
        read.redeemerId = id;
        break;
      case '--campaign':
        read.campaignId = id;
        break;
      default:
        return undefined;
    }
    if (!UUID.test(id)) return undefined;
    place += 1;
  }
  return read;
}

function split(word: string): string[] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}
