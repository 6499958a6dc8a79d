import type { Egress } from '../../egress/index.ts';
import type { Mailer } from '../../mail/index.ts';
import { type EmailSite, emailChannel } from './email.ts';
import { slackChannel } from './slack.ts';
import { teamsChannel } from './teams.ts';
import { webhookChannel } from './webhook.ts';

export interface ChannelDependencies {
  egress: Egress;
  mailer: () => Mailer | null;
  site: () => EmailSite;
}

/** Every way to reach somebody. A new one is a line here and a file beside. */
export function createChannels({ egress, mailer, site }: ChannelDependencies) {
  const timezone = (): string => site().timezone;
  return {
    email: emailChannel({ mailer, site }),
    webhook: webhookChannel({ egress }),
    slack: slackChannel({ egress, timezone }),
    teams: teamsChannel({ egress, timezone }),
  };
}
export type Channels = ReturnType<typeof createChannels>;
