export { createMailer, type MailerOptions, type MailService } from './create-mailer.ts';
export type { Mail, Mailer } from './mail.ts';
