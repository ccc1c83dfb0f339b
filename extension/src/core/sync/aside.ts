/**
 * Orders whose own pages could not be read, across runs. Whether it is them or the layout that changed, the next page that is
 * read well tells.
 */
export interface Doubts {
  /** Bad pages by themselves: others were read well since. */
  excused: string[];
  /** Since the last page that was read well. */
  suspects: string[];
}

export const NO_DOUBTS: Doubts = { excused: [], suspects: [] };
/** So many different ones without a good one between them: the layout changed. */
const MOST_IN_A_ROW = 3;
/** The same where not one page of the run was read well. */
const MOST_ALONE = 2;

export function readWell({ excused, suspects }: Doubts, key: string): Doubts {
  return { excused: [...excused, ...suspects].filter((each) => each !== key), suspects: [] };
}

export function notRead(doubts: Doubts, key: string): Doubts {
  const isKnown = [...doubts.excused, ...doubts.suspects].includes(key);
  return isKnown ? doubts : { ...doubts, suspects: [...doubts.suspects, key] };
}

export function isLayoutChanged({ suspects }: Doubts, isWholeRunUnread: boolean): boolean {
  return suspects.length >= (isWholeRunUnread ? MOST_ALONE : MOST_IN_A_ROW);
}

/** Those that were never in doubt first: a good page among them clears the others. */
export function doubtfulLast({ excused, suspects }: Doubts, wanted: string[]): string[] {
  const doubtful = new Set([...excused, ...suspects]);
  return [...wanted.filter((key) => !doubtful.has(key)), ...wanted.filter((key) => doubtful.has(key))];
}

/** What the next run has to know after a complete one. */
export function afterRun({ excused, suspects }: Doubts, wanted: string[], hasReadAny: boolean): Doubts {
  const isOpen = (key: string) => wanted.includes(key);
  return hasReadAny
    ? { excused: [...excused, ...suspects].filter(isOpen), suspects: [] }
    : { excused: excused.filter(isOpen), suspects: suspects.filter(isOpen) };
}
