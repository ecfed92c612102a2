/** Posts a form. */
export const post = (url: URL, form: FormData) => fetch(url, { method: "POST", body: form });
