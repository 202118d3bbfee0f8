import { addDays, localDate, startOfDay } from '../../kernel/period.js';

/** Local days (YYYY-MM-DD) in the campaign's zone; both still belong to the time in which a code is taken. */
export interface CodeDays {
  readonly startsOn: string | null;
  readonly expiresOn: string | null;
}

/** The same as a half-open stretch of time, epoch ms; null is without bound. */
export interface CodePeriod {
  readonly startsAt: number | null;
  readonly expiresAt: number | null;
}

/** The time from the start of `startsOn` to the end of `expiresOn`. Throws RangeError on a malformed date or an unknown zone. */
export function toCodePeriod({ startsOn, expiresOn }: CodeDays, timeZone: string): CodePeriod {
  return {
    startsAt: startsOn === null ? null : startOfDay(startsOn, timeZone),
    expiresAt: expiresOn === null ? null : startOfDay(addDays(expiresOn, 1), timeZone),
  };
}

/** The days that `toCodePeriod` made this of. Throws RangeError on an unknown zone. */
export function toCodeDays({ startsAt, expiresAt }: CodePeriod, timeZone: string): CodeDays {
  return {
    startsOn: startsAt === null ? null : localDate(startsAt, timeZone),
    expiresOn: expiresAt === null ? null : localDate(expiresAt - 1, timeZone),
  };
}
