"use server";

import { redirect } from "next/navigation";
import { sessionClient } from "~/lib/session";

async function enter(way: "signInWithPassword" | "signUp", data: FormData): Promise<never> {
  const { auth } = await sessionClient();
  const { error } = await auth[way]({
    email: String(data.get("email")),
    password: String(data.get("password")),
  });
  redirect(error ? `/login?error=${encodeURIComponent(error.message)}` : "/vault");
}

export async function signIn(data: FormData) {
  await enter("signInWithPassword", data);
}

export async function signUp(data: FormData) {
  await enter("signUp", data);
}
