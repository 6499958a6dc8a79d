import type { ModuleContext } from '../../platform/module/index.ts';
import type { TellStaff } from './actions/staff-news.ts';
import { staffMail } from './actions/tell-staff.ts';
import type { StatusPageConfig } from './config.ts';
import { DELIVER } from './register-subscriptions.ts';
import { staffLetter } from './web/subscriptions/staff-letter.ts';

/** What mails staff about maintenances; the job that delivers to subscribers sends it. */
export function mailToStaff({
  config,
  site,
  clock,
  canMail,
  jobs,
}: Pick<ModuleContext<StatusPageConfig>, 'config' | 'site' | 'clock' | 'canMail' | 'jobs'>): TellStaff {
  return staffMail({ config, clock, canMail, letter: staffLetter({ site, clock }), wake: () => jobs.trigger(DELIVER) });
}
