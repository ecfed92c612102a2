"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { createClient } from "@/lib/supabase/server";

const credentials = z.object({ email: z.string().email(), password: z.string().min(8) });

async function enter(way: "signInWithPassword" | "signUp", data: FormData): Promise<never> {
  const given = credentials.safeParse(Object.fromEntries(data));
  // `errors` is of zod 3 alone.
  if (!given.success) redirect(`/login?error=${encodeURIComponent(String(given.error.errors[0]?.message))}`);
  const { auth } = await createClient();
  const { error } = await auth[way](given.data);
  redirect(error ? `/login?error=${encodeURIComponent(error.message)}` : "/vault");
}

export async function signIn(data: FormData) {
  await enter("signInWithPassword", data);
}

export async function signUp(data: FormData) {
  await enter("signUp", data);
}
