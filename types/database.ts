// Written by `npm run db:types` from supabase/migrations: change those instead.

export type { VaultSecret } from "../lib/vault/types";

export type Json = string | number | boolean | null | { [key: string]: Json } | Json[];

export type Database = {
  public: {
    Tables: {
      deleted_team_members: {
        Row: {
          created_at: string;
          monthly_usd: number | null;
          role: "admin" | "member";
          team_id: string;
          user_id: string;
        };
        Insert: {
          created_at: string;
          monthly_usd?: number | null;
          role: "admin" | "member";
          team_id: string;
          user_id: string;
        };
        Update: {
          created_at?: string;
          monthly_usd?: number | null;
          role?: "admin" | "member";
          team_id?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "deleted_team_members_team_id_fkey";
            columns: ["team_id"];
            isOneToOne: false;
            referencedRelation: "teams";
            referencedColumns: ["id"];
          },
        ];
      };
      platform_events: {
        Row: {
          action: "stopped" | "resumed" | "limit_set" | "limit_removed";
          actor_id: string;
          created_at: string;
          daily_tokens: number | null;
          id: string;
          subject_id: string | null;
        };
        Insert: {
          action: "stopped" | "resumed" | "limit_set" | "limit_removed";
          actor_id: string;
          created_at?: string;
          daily_tokens?: number | null;
          id?: string;
          subject_id?: string | null;
        };
        Update: {
          action?: "stopped" | "resumed" | "limit_set" | "limit_removed";
          actor_id?: string;
          created_at?: string;
          daily_tokens?: number | null;
          id?: string;
          subject_id?: string | null;
        };
        Relationships: [];
      };
      platform_limits: {
        Row: { created_at: string; daily_tokens: number | null; user_id: string };
        Insert: { created_at?: string; daily_tokens?: number | null; user_id: string };
        Update: { created_at?: string; daily_tokens?: number | null; user_id?: string };
        Relationships: [];
      };
      platform_refusals: {
        Row: { day: string; reason: string; times: number; user_id: string };
        Insert: { day: string; reason: string; times?: number; user_id: string };
        Update: { day?: string; reason?: string; times?: number; user_id?: string };
        Relationships: [];
      };
      platform_settings: {
        Row: { id: boolean; is_stopped: boolean };
        Insert: { id?: boolean; is_stopped?: boolean };
        Update: { id?: boolean; is_stopped?: boolean };
        Relationships: [];
      };
      profiles: {
        Row: { email: string; user_id: string };
        Insert: { email?: string; user_id: string };
        Update: { email?: string; user_id?: string };
        Relationships: [];
      };
      refused_keys: {
        Row: { refused_at: string; secret_id: string };
        Insert: { refused_at?: string; secret_id: string };
        Update: { refused_at?: string; secret_id?: string };
        Relationships: [
          {
            foreignKeyName: "refused_keys_secret_id_fkey";
            columns: ["secret_id"];
            isOneToOne: true;
            referencedRelation: "vault_secrets";
            referencedColumns: ["id"];
          },
        ];
      };
      reveal_runs: {
        Row: {
          cache_creation_input_tokens: number;
          cache_read_input_tokens: number;
          cost_exact: boolean;
          cost_usd: number | null;
          created_at: string;
          details: Json;
          duration_ms: number | null;
          id: string;
          input_tokens: number;
          is_counted: boolean;
          key: string;
          kind: string;
          model: string;
          output_tokens: number;
          source: "user" | "team" | "env";
          status: string;
          stop_reason:
            | "end_turn"
            | "stop_sequence"
            | "max_tokens"
            | "model_context_window_exceeded"
            | "refusal"
            | "pause_turn"
            | "tool_use"
            | "other"
            | null;
          team_id: string | null;
          user_id: string | null;
        };
        Insert: {
          cache_creation_input_tokens?: number;
          cache_read_input_tokens?: number;
          cost_exact?: boolean;
          cost_usd?: number | null;
          created_at?: string;
          details?: Json;
          duration_ms?: number | null;
          id?: string;
          input_tokens?: number;
          is_counted?: boolean;
          key?: string;
          kind: string;
          model: string;
          output_tokens?: number;
          source: "user" | "team" | "env";
          status?: string;
          stop_reason?:
            | "end_turn"
            | "stop_sequence"
            | "max_tokens"
            | "model_context_window_exceeded"
            | "refusal"
            | "pause_turn"
            | "tool_use"
            | "other"
            | null;
          team_id?: string | null;
          user_id?: string | null;
        };
        Update: {
          cache_creation_input_tokens?: number;
          cache_read_input_tokens?: number;
          cost_exact?: boolean;
          cost_usd?: number | null;
          created_at?: string;
          details?: Json;
          duration_ms?: number | null;
          id?: string;
          input_tokens?: number;
          is_counted?: boolean;
          key?: string;
          kind?: string;
          model?: string;
          output_tokens?: number;
          source?: "user" | "team" | "env";
          status?: string;
          stop_reason?:
            | "end_turn"
            | "stop_sequence"
            | "max_tokens"
            | "model_context_window_exceeded"
            | "refusal"
            | "pause_turn"
            | "tool_use"
            | "other"
            | null;
          team_id?: string | null;
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "reveal_runs_team_id_fkey";
            columns: ["team_id"];
            isOneToOne: false;
            referencedRelation: "teams";
            referencedColumns: ["id"];
          },
        ];
      };
      spending_alerts: {
        Row: {
          cap: "platform_daily" | "platform_monthly" | "team_monthly" | "member_monthly";
          created_at: string;
          id: string;
          limit_usd: number;
          percent: number;
          period_start: string;
          team_id: string | null;
          user_id: string | null;
        };
        Insert: {
          cap: "platform_daily" | "platform_monthly" | "team_monthly" | "member_monthly";
          created_at?: string;
          id?: string;
          limit_usd: number;
          percent: number;
          period_start: string;
          team_id?: string | null;
          user_id?: string | null;
        };
        Update: {
          cap?: "platform_daily" | "platform_monthly" | "team_monthly" | "member_monthly";
          created_at?: string;
          id?: string;
          limit_usd?: number;
          percent?: number;
          period_start?: string;
          team_id?: string | null;
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "spending_alerts_team_id_fkey";
            columns: ["team_id"];
            isOneToOne: false;
            referencedRelation: "teams";
            referencedColumns: ["id"];
          },
        ];
      };
      team_invites: {
        Row: {
          created_at: string;
          created_by: string;
          expires_at: string;
          id: string;
          label: string | null;
          role: "admin" | "member";
          team_id: string;
          token_hash: string;
          used_at: string | null;
          used_by: string | null;
        };
        Insert: {
          created_at?: string;
          created_by: string;
          expires_at?: string;
          id?: string;
          label?: string | null;
          role?: "admin" | "member";
          team_id: string;
          token_hash: string;
          used_at?: string | null;
          used_by?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string;
          expires_at?: string;
          id?: string;
          label?: string | null;
          role?: "admin" | "member";
          team_id?: string;
          token_hash?: string;
          used_at?: string | null;
          used_by?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "team_invites_creator";
            columns: ["team_id", "created_by"];
            isOneToOne: false;
            referencedRelation: "team_members";
            referencedColumns: ["team_id", "user_id"];
          },
        ];
      };
      team_members: {
        Row: {
          created_at: string;
          monthly_usd: number | null;
          role: "admin" | "member";
          team_id: string;
          user_id: string;
        };
        Insert: {
          created_at?: string;
          monthly_usd?: number | null;
          role?: "admin" | "member";
          team_id: string;
          user_id: string;
        };
        Update: {
          created_at?: string;
          monthly_usd?: number | null;
          role?: "admin" | "member";
          team_id?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "team_members_team_id_fkey";
            columns: ["team_id"];
            isOneToOne: false;
            referencedRelation: "teams";
            referencedColumns: ["id"];
          },
        ];
      };
      teams: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          deleted_by: string | null;
          id: string;
          key_policy: "own" | "team" | "platform";
          member_monthly_usd: number | null;
          monthly_usd: number | null;
          name: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          deleted_by?: string | null;
          id?: string;
          key_policy?: "own" | "team" | "platform";
          member_monthly_usd?: number | null;
          monthly_usd?: number | null;
          name: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          deleted_by?: string | null;
          id?: string;
          key_policy?: "own" | "team" | "platform";
          member_monthly_usd?: number | null;
          monthly_usd?: number | null;
          name?: string;
        };
        Relationships: [];
      };
      vault_events: {
        Row: {
          action: string;
          actor_id: string | null;
          created_at: string;
          details: Json | null;
          id: string;
          import_id: string | null;
          key: string | null;
          owner_id: string;
          owner_type: "user" | "team";
          subject_id: string | null;
        };
        Insert: {
          action: string;
          actor_id?: string | null;
          created_at?: string;
          details?: Json | null;
          id?: string;
          import_id?: string | null;
          key?: string | null;
          owner_id: string;
          owner_type: "user" | "team";
          subject_id?: string | null;
        };
        Update: {
          action?: string;
          actor_id?: string | null;
          created_at?: string;
          details?: Json | null;
          id?: string;
          import_id?: string | null;
          key?: string | null;
          owner_id?: string;
          owner_type?: "user" | "team";
          subject_id?: string | null;
        };
        Relationships: [];
      };
      vault_key_check: {
        Row: { created_at: string; encrypted_value: string; id: boolean };
        Insert: { created_at?: string; encrypted_value: string; id?: boolean };
        Update: { created_at?: string; encrypted_value?: string; id?: boolean };
        Relationships: [];
      };
      vault_secret_details: {
        Row: {
          added_by: string | null;
          check_facts: Json | null;
          check_result: "works" | "refused" | "no_credit" | null;
          checked_at: string | null;
          expires_at: string | null;
          expiry_announced: boolean;
          hint: string | null;
          last_used_at: string | null;
          secret_id: string;
          use_only: boolean;
        };
        Insert: {
          added_by?: string | null;
          check_facts?: Json | null;
          check_result?: "works" | "refused" | "no_credit" | null;
          checked_at?: string | null;
          expires_at?: string | null;
          expiry_announced?: boolean;
          hint?: string | null;
          last_used_at?: string | null;
          secret_id: string;
          use_only?: boolean;
        };
        Update: {
          added_by?: string | null;
          check_facts?: Json | null;
          check_result?: "works" | "refused" | "no_credit" | null;
          checked_at?: string | null;
          expires_at?: string | null;
          expiry_announced?: boolean;
          hint?: string | null;
          last_used_at?: string | null;
          secret_id?: string;
          use_only?: boolean;
        };
        Relationships: [
          {
            foreignKeyName: "vault_secret_details_secret_id_fkey";
            columns: ["secret_id"];
            isOneToOne: true;
            referencedRelation: "vault_secrets";
            referencedColumns: ["id"];
          },
        ];
      };
      vault_secrets: {
        Row: {
          category: "LLM" | "Infrastructure" | "Hosting" | "Email" | "General";
          created_at: string;
          description: string;
          encrypted_value: string;
          id: string;
          key: string;
          last_rotated_at: string;
          owner_id: string;
          owner_type: "user" | "team";
          updated_at: string;
        };
        Insert: {
          category?: "LLM" | "Infrastructure" | "Hosting" | "Email" | "General";
          created_at?: string;
          description?: string;
          encrypted_value: string;
          id?: string;
          key: string;
          last_rotated_at?: string;
          owner_id: string;
          owner_type: "user" | "team";
          updated_at?: string;
        };
        Update: {
          category?: "LLM" | "Infrastructure" | "Hosting" | "Email" | "General";
          created_at?: string;
          description?: string;
          encrypted_value?: string;
          id?: string;
          key?: string;
          last_rotated_at?: string;
          owner_id?: string;
          owner_type?: "user" | "team";
          updated_at?: string;
        };
        Relationships: [];
      };
      webhook_deliveries: {
        Row: {
          attempt: number;
          created_at: string;
          duration_ms: number | null;
          error: string | null;
          event: string;
          id: string;
          message_id: string;
          payload: string;
          response_excerpt: string | null;
          response_status: number | null;
          retry_at: string | null;
          status: "started" | "delivered" | "failed";
          webhook_id: string;
        };
        Insert: {
          attempt: number;
          created_at?: string;
          duration_ms?: number | null;
          error?: string | null;
          event: string;
          id?: string;
          message_id: string;
          payload: string;
          response_excerpt?: string | null;
          response_status?: number | null;
          retry_at?: string | null;
          status?: "started" | "delivered" | "failed";
          webhook_id: string;
        };
        Update: {
          attempt?: number;
          created_at?: string;
          duration_ms?: number | null;
          error?: string | null;
          event?: string;
          id?: string;
          message_id?: string;
          payload?: string;
          response_excerpt?: string | null;
          response_status?: number | null;
          retry_at?: string | null;
          status?: "started" | "delivered" | "failed";
          webhook_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "webhook_deliveries_webhook_id_fkey";
            columns: ["webhook_id"];
            isOneToOne: false;
            referencedRelation: "webhooks";
            referencedColumns: ["id"];
          },
        ];
      };
      webhooks: {
        Row: {
          address: string;
          created_at: string;
          created_by: string | null;
          description: string;
          encrypted_secret: string | null;
          encrypted_url: string | null;
          events: string[];
          failures: number;
          id: string;
          last_delivered_at: string | null;
          pause_is_unseen: boolean;
          pause_is_untold: boolean;
          pause_reason: "person" | "failures" | "gone" | "no_secret" | "creator_left" | null;
          paused_at: string | null;
          team_id: string | null;
          url: string | null;
          user_id: string | null;
        };
        Insert: {
          address?: string;
          created_at?: string;
          created_by?: string | null;
          description?: string;
          encrypted_secret?: string | null;
          encrypted_url?: string | null;
          events?: string[];
          failures?: number;
          id?: string;
          last_delivered_at?: string | null;
          pause_is_unseen?: boolean;
          pause_is_untold?: boolean;
          pause_reason?: "person" | "failures" | "gone" | "no_secret" | "creator_left" | null;
          paused_at?: string | null;
          team_id?: string | null;
          url?: string | null;
          user_id?: string | null;
        };
        Update: {
          address?: string;
          created_at?: string;
          created_by?: string | null;
          description?: string;
          encrypted_secret?: string | null;
          encrypted_url?: string | null;
          events?: string[];
          failures?: number;
          id?: string;
          last_delivered_at?: string | null;
          pause_is_unseen?: boolean;
          pause_is_untold?: boolean;
          pause_reason?: "person" | "failures" | "gone" | "no_secret" | "creator_left" | null;
          paused_at?: string | null;
          team_id?: string | null;
          url?: string | null;
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "webhooks_team_id_fkey";
            columns: ["team_id"];
            isOneToOne: false;
            referencedRelation: "teams";
            referencedColumns: ["id"];
          },
        ];
      };
    };
    Views: {
      vault_candidates: {
        Row: {
          encrypted_value: string | null;
          key: string | null;
          owner_type: string | null;
          team_id: string | null;
          user_id: string | null;
        };
        Relationships: [];
      };
      vault_uses: {
        Row: {
          action: string | null;
          actor_id: string | null;
          encrypted_value: string | null;
          has_webhooks: boolean | null;
          key: string | null;
          owner_id: string | null;
          owner_type: string | null;
        };
        Insert: {
          action?: string | null;
          actor_id?: string | null;
          encrypted_value?: string | null;
          has_webhooks?: boolean | null;
          key?: string | null;
          owner_id?: string | null;
          owner_type?: string | null;
        };
        Relationships: [];
      };
    };
    Functions: {
      accept_invite: {
        Args: { for_invite: string | null; person: string | null };
        Returns: { team_id: string | null }[];
      };
      accept_key: {
        Args: {
          for_type: string | null;
          for_owner: string | null;
          for_key: string | null;
          read_at: string | null;
        };
        Returns: { id: string | null }[];
      };
      account_sessions: {
        Args: { for_user: string | null };
        Returns: {
          id: string | null;
          created_at: string | null;
          used_at: string | null;
          user_agent: string | null;
        }[];
      };
      activity: {
        Args: {
          for_type: string | null;
          for_owner: string | null;
          most: number | null;
          only_key: string | null;
          only_actions: string[] | null;
          only_person: string | null;
          search: string | null;
          of_import: string | null;
          from_time: string | null;
          to_time: string | null;
          before_time: string | null;
          before_id: string | null;
          with_parts: boolean | null;
        };
        Returns: {
          id: string | null;
          key: string | null;
          action: string | null;
          actor_id: string | null;
          actor_email: string | null;
          subject_id: string | null;
          subject_email: string | null;
          details: Json | null;
          import_id: string | null;
          created_at: string | null;
        }[];
      };
      activity_address: {
        Args: { for_type: string | null; for_owner: string | null; person: string | null };
        Returns: { email: string | null }[];
      };
      activity_topics: {
        Args: { for_type: string | null; for_owner: string | null };
        Returns: { key: string | null; person_id: string | null; email: string | null }[];
      };
      add_webhook: {
        Args: {
          actor: string | null;
          for_type: string | null;
          for_owner: string | null;
          webhook: Json | null;
        };
        Returns: { id: string | null }[];
      };
      administer_owner: {
        Args: { actor: string | null; for_type: string | null; for_owner: string | null };
        Returns: { is_admin: boolean | null }[];
      };
      administer_team: {
        Args: { actor: string | null; for_team: string | null };
        Returns: { is_admin: boolean | null }[];
      };
      begin_run: {
        Args: {
          for_user: string | null;
          for_team: string | null;
          key_name: string | null;
          has_platform_key: boolean | null;
          only_source: string | null;
          run_id: string | null;
          run_kind: string | null;
          run_model: string | null;
          estimated_input: number | null;
          most_output: number | null;
          least_output: number | null;
          estimated_cost: number | null;
          most_cost: number | null;
          most_runs: number | null;
          daily_tokens: number | null;
          daily_usd: number | null;
          monthly_usd: number | null;
          daily_calls: number | null;
        };
        Returns: {
          id: string | null;
          max_output: number | null;
          is_limited: boolean | null;
          refusal: string | null;
          spent: number | null;
          held: number | null;
          allowed: number | null;
          source: string | null;
          ciphertext: string | null;
          key_policy: string | null;
        }[];
      };
      change_member: {
        Args: { actor: string | null; for_team: string | null; for_user: string | null; change: Json | null };
        Returns: { user_id: string | null }[];
      };
      change_team: {
        Args: { actor: string | null; for_team: string | null; change: Json | null };
        Returns: { id: string | null }[];
      };
      change_webhook: {
        Args: {
          actor: string | null;
          for_type: string | null;
          for_owner: string | null;
          for_webhook: string | null;
          change: Json | null;
        };
        Returns: { id: string | null }[];
      };
      claim_expiring: {
        Args: { for_type: string | null; for_owner: string | null };
        Returns: { key: string | null; expires_at: string | null }[];
      };
      claim_spending_alerts: {
        Args: {
          for_user: string | null;
          for_team: string | null;
          paid_by: string | null;
          daily_usd: number | null;
          monthly_usd: number | null;
          full_cap: string | null;
          least_cost: number | null;
        };
        Returns: {
          cap: string | null;
          team_id: string | null;
          user_id: string | null;
          period_start: string | null;
          percent: number | null;
          spent_usd: number | null;
          limit_usd: number | null;
        }[];
      };
      close_lost_runs: { Args: Record<PropertyKey, never>; Returns: { id: string | null }[] };
      confirm_rotation: {
        Args: { admin: string | null; for_team: string | null; for_key: string | null };
        Returns: { confirmed: boolean | null }[];
      };
      confirmed_accounts: { Args: { emails: string[] | null }; Returns: { id: string | null }[] };
      delete_account: {
        Args: { for_user: string | null; teams: Json | null };
        Returns: { deleted: boolean | null }[];
      };
      delete_team: {
        Args: { actor: string | null; for_team: string | null };
        Returns: { user_id: string | null }[];
      };
      deleted_teams: {
        Args: { for_user: string | null };
        Returns: {
          id: string | null;
          name: string | null;
          deleted_at: string | null;
          deleted_by: string | null;
          deleted_by_email: string | null;
        }[];
      };
      doctor_rows: { Args: Record<PropertyKey, never>; Returns: { number: number | null }[] };
      doctor_schema: {
        Args: Record<PropertyKey, never>;
        Returns: { kind: string | null; object: string | null; name: string | null; detail: string | null }[];
      };
      enter_check: {
        Args: {
          for_type: string | null;
          for_owner: string | null;
          for_key: string | null;
          read_at: string | null;
          result: string | null;
          facts: Json | null;
          learned_expiry: string | null;
        };
        Returns: { secret_id: string | null }[];
      };
      enter_run: {
        Args: {
          for_user: string | null;
          for_team: string | null;
          run_kind: string | null;
          run_model: string | null;
          paid_by: string | null;
          estimated_input: number | null;
          most_output: number | null;
          least_output: number | null;
          estimated_cost: number | null;
          most_cost: number | null;
          most_runs: number | null;
          daily_tokens: number | null;
          daily_usd: number | null;
          monthly_usd: number | null;
          run_key: string | null;
          daily_calls: number | null;
        };
        Returns: {
          id: string | null;
          max_output: number | null;
          is_limited: boolean | null;
          refusal: string | null;
          spent: number | null;
          held: number | null;
          allowed: number | null;
        }[];
      };
      enter_use: {
        Args: { for_type: string | null; for_owner: string | null; for_key: string | null };
        Returns: { secret_id: string | null }[];
      };
      forget_activity: {
        Args: { for_type: string | null; for_owner: string | null; keep_days: number | null };
        Returns: { forgotten: number | null }[];
      };
      hide_team: {
        Args: { actor: string | null; for_team: string | null };
        Returns: { user_id: string | null }[];
      };
      left_webhooks: {
        Args: { for_team: string | null };
        Returns: {
          id: string | null;
          address: string | null;
          description: string | null;
          created_by: string | null;
          email: string | null;
          paused_at: string | null;
        }[];
      };
      platform_budget: {
        Args: { for_user: string | null; daily_tokens: number | null };
        Returns: { is_stopped: boolean | null; allowed: number | null; used: number | null }[];
      };
      platform_newcomers: {
        Args: { since: string | null };
        Returns: {
          user_id: string | null;
          signed_up_at: string | null;
          first_run_at: string | null;
          runs: number | null;
          input_tokens: number | null;
          output_tokens: number | null;
          cache_creation_input_tokens: number | null;
          cache_read_input_tokens: number | null;
          cost_usd: number | null;
          unpriced: number | null;
          inexact: number | null;
        }[];
      };
      platform_refused: {
        Args: { since: string | null };
        Returns: {
          reason: string | null;
          user_id: string | null;
          times: number | null;
          members: number | null;
          last_day: string | null;
        }[];
      };
      platform_spending: {
        Args: Record<PropertyKey, never>;
        Returns: {
          today_spent: number | null;
          today_held: number | null;
          month_spent: number | null;
          month_held: number | null;
          under_way: number | null;
        }[];
      };
      platform_sums: {
        Args: { since: string | null };
        Returns: {
          part: string | null;
          members: number | null;
          day: string | null;
          user_id: string | null;
          model: string | null;
          runs: number | null;
          input_tokens: number | null;
          output_tokens: number | null;
          cache_creation_input_tokens: number | null;
          cache_read_input_tokens: number | null;
          cost_usd: number | null;
          unpriced: number | null;
          inexact: number | null;
        }[];
      };
      platform_usage: {
        Args: { since: string | null; until: string | null };
        Returns: {
          day: string | null;
          user_id: string | null;
          model: string | null;
          runs: number | null;
          input_tokens: number | null;
          output_tokens: number | null;
          cache_creation_input_tokens: number | null;
          cache_read_input_tokens: number | null;
          cost_usd: number | null;
          unpriced: number | null;
          inexact: number | null;
        }[];
      };
      refuse_key: {
        Args: {
          for_type: string | null;
          for_owner: string | null;
          for_key: string | null;
          read_at: string | null;
        };
        Returns: { id: string | null }[];
      };
      remove_member: {
        Args: { actor: string | null; for_team: string | null; for_user: string | null };
        Returns: { user_id: string | null }[];
      };
      remove_webhook: {
        Args: {
          actor: string | null;
          for_type: string | null;
          for_owner: string | null;
          for_webhook: string | null;
        };
        Returns: { id: string | null }[];
      };
      restore_team: {
        Args: { actor: string | null; for_team: string | null };
        Returns: { id: string | null }[];
      };
      reveal_usage: {
        Args: {
          for_user: string | null;
          for_team: string | null;
          since: string | null;
          until: string | null;
        };
        Returns: {
          day: string | null;
          user_id: string | null;
          source: string | null;
          model: string | null;
          kind: string | null;
          runs: number | null;
          input_tokens: number | null;
          output_tokens: number | null;
          cache_creation_input_tokens: number | null;
          cache_read_input_tokens: number | null;
          cost_usd: number | null;
          unpriced: number | null;
          inexact: number | null;
        }[];
      };
      seal_webhook_address: {
        Args: { webhook: string | null; plain: string | null; sealed: string | null };
        Returns: { webhook_id: string | null }[];
      };
      set_platform_limit: {
        Args: {
          actor: string | null;
          for_user: string | null;
          daily_tokens: number | null;
          is_default: boolean | null;
        };
        Returns: { is_changed: boolean | null }[];
      };
      set_platform_stop: {
        Args: { actor: string | null; stop: boolean | null };
        Returns: { is_changed: boolean | null }[];
      };
      show_webhook: {
        Args: {
          actor: string | null;
          for_type: string | null;
          for_owner: string | null;
          for_webhook: string | null;
        };
        Returns: { id: string | null; url: string | null; encrypted_url: string | null }[];
      };
      store_secrets: {
        Args: { for_type: string | null; for_owner: string | null; entries: Json | null };
        Returns: {
          id: string | null;
          owner_type: string | null;
          owner_id: string | null;
          key: string | null;
          category: string | null;
          description: string | null;
          last_rotated_at: string | null;
          created_at: string | null;
          updated_at: string | null;
          details: Json | null;
        }[];
      };
      team_exposures: {
        Args: { for_team: string | null };
        Returns: {
          user_id: string | null;
          email: string | null;
          key: string | null;
          seen_at: string | null;
          rotated_at: string | null;
        }[];
      };
      team_spending: {
        Args: { for_team: string | null };
        Returns: {
          is_total: boolean | null;
          user_id: string | null;
          spent: number | null;
          held: number | null;
        }[];
      };
      value_known_since: {
        Args: { for_type: string | null; for_owner: string | null; for_key: string | null };
        Returns: { moment: string | null }[];
      };
      withdraw_invite: {
        Args: { actor: string | null; for_team: string | null; for_invite: string | null };
        Returns: { id: string | null }[];
      };
    };
    Enums: Record<never, never>;
    CompositeTypes: Record<never, never>;
  };
};
