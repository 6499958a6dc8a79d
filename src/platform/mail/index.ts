export { createMailer, type MailerOptions, type MailService } from './create-mailer.ts';
export { type Mail, type Mailer, RecipientRefused } from './mail.ts';
