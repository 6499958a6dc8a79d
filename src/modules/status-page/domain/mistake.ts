/** What can be wrong with what a person writes; the words stand in the messages of this module. */
export type MistakeReason =
  | 'status_foreign'
  | 'status_open'
  | 'status_closed'
  | 'status_final'
  | 'text_missing'
  | 'in_future'
  | 'before_start'
  | 'before_update'
  | 'not_started'
  | 'after_end'
  | 'start_fixed'
  | 'start_after_update'
  | 'end_fixed'
  | 'end_before_start'
  | 'impact_missing'
  | 'impact_same'
  | 'impact_zero'
  | 'impact_not_zero'
  | 'impact_needs_status'
  | 'description_missing'
  | 'contact_missing'
  | 'contact_domain'
  | 'component_unknown'
  | 'component_foreign'
  | 'component_twice'
  | 'component_last'
  | 'target_itself'
  | 'target_closed';

/** One mistake: the field of the input it is about, and why. `about` is what the sentence names. */
export interface Mistake {
  field: string;
  reason: MistakeReason;
  about?: string;
}
