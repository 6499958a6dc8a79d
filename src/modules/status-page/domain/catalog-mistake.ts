import type { Complaint } from './catalog-rules.ts';

export interface Place {
  line?: number;
  column?: number;
}

/** The entry of the same file that is in the way. */
export interface OtherEntry {
  path: string;
  line?: number | undefined;
}

/** It cannot be read as YAML: what the reader of the configuration says of it, in English. */
export interface Unreadable {
  words: string;
  reason: UnreadableReason;
}

export type UnreadableCode =
  | 'bad_indent'
  | 'tab_indent'
  | 'second_document'
  | 'unclosed'
  | 'bad_alias'
  | 'bad_tag'
  | 'other'
  | 'no_plain_key'
  | 'forbidden_key'
  | 'no_value'
  | 'alias_to_nothing'
  | 'alias_of_itself';

export type UnreadableReason =
  | { code: UnreadableCode }
  | { code: 'too_large'; megabytes: number }
  | { code: 'too_deep' | 'too_many_values'; most: number }
  | { code: 'key_twice'; line: number };

/** What is wrong. */
export type CatalogProblem =
  | NonNullable<Complaint>
  | { code: 'no_group' | 'no_list' | 'no_text' | 'no_flag' }
  | { code: 'no_number'; least: number; most: number; whole: boolean }
  | { code: 'no_such_key' }
  | { code: 'not_among'; choices: readonly string[] }
  | { code: 'other_version' }
  | { code: 'missing' }
  | { code: 'too_many'; count: number }
  | { code: 'one_too_many' }
  | { code: 'twice' }
  | { code: 'key_twice' }
  | { code: 'beside_region' }
  | { code: 'names_nothing' }
  | { code: 'no_region' }
  | { code: 'not_in_region'; region: string | null }
  | { code: 'unknown_key' }
  | { code: 'itself' }
  | { code: 'name_of_person'; key: string }
  | ({ code: 'unreadable' } & Unreadable);

/** What to do about it. */
export type CatalogRemedy =
  | { code: 'write_below'; keys: readonly string[] }
  | { code: 'write_list' | 'write_text' | 'write_flag' | 'write_number' }
  | { code: 'quote'; text: string }
  | { code: 'did_you_mean'; word: string }
  | { code: 'there_are'; keys: readonly string[] }
  | { code: 'choose'; choices: readonly string[] }
  | { code: 'region_elsewhere' | 'attribute_elsewhere' }
  | { code: 'version_1' }
  | { code: 'begin' | 'add_id' | 'add_name' | 'add_required' | 'add_region' | 'name_regions' }
  | { code: 'at_most'; most: number }
  | { code: 'remove_one' | 'keep_one' | 'remove_it' }
  | { code: 'other_key' | 'other_name'; other: OtherEntry }
  | { code: 'write_or_remove' | 'one_line' | 'remove_controls' | 'such_url' }
  | { code: 'such_key'; slug: string }
  | { code: 'name_key' | 'name_any_key' }
  | { code: 'of_region'; name: string }
  | { code: 'retire_or_key'; key: string }
  | ({ code: 'make_readable' } & Unreadable);

/** One thing wrong with a catalogue file, for the person who has to mend it; the words stand in the messages of this module. */
export interface CatalogMistake extends Place {
  /** `components[3].name` */
  path: string;
  /** What stands there now. */
  value?: string;
  /** The same, when it is no single value. */
  found?: 'list' | 'group';
  /** It is the name of the key that is wrong. */
  ofName?: boolean;
  problem: CatalogProblem;
  remedy: CatalogRemedy;
}

/** What to do about a text that a rule complains about. */
export function remedyOf(complaint: NonNullable<Complaint>): CatalogRemedy {
  switch (complaint.code) {
    case 'empty':
      return { code: 'write_or_remove' };
    case 'several_lines':
      return { code: 'one_line' };
    case 'unshowable':
      return { code: 'remove_controls' };
    case 'no_url':
      return { code: 'such_url' };
    case 'too_long':
      return { code: 'at_most', most: complaint.most };
    case 'no_key':
      return { code: 'such_key', slug: complaint.slug };
  }
}
