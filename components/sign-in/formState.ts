/** What the form shows: the e-mail to keep, and why the last submission was refused. */
export interface FormState {
  email?: string;
  failure?: { code: string; message: string };
}
