CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY,
    display_name text NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_display_name_check
    CHECK (char_length(display_name) BETWEEN 1 AND 200)
);

CREATE TABLE courses (
    id bigint GENERATED ALWAYS AS IDENTITY,
    owner_id bigint NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    status text NOT NULL DEFAULT 'draft',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT courses_pkey PRIMARY KEY (id),
    CONSTRAINT courses_owner_id_fkey
    FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT courses_owner_id_title_key UNIQUE (owner_id, title),
    CONSTRAINT courses_title_check
    CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT courses_description_check
    CHECK (char_length(description) <= 5000),
    CONSTRAINT courses_status_check
    CHECK (status IN ('draft', 'published', 'archived'))
);

CREATE INDEX courses_owner_id_id_idx ON courses (owner_id, id);
CREATE INDEX courses_status_id_idx ON courses (status, id);

CREATE TABLE lessons (
    id bigint GENERATED ALWAYS AS IDENTITY,
    course_id bigint NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    sort_order integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lessons_pkey PRIMARY KEY (id),
    CONSTRAINT lessons_course_id_fkey
    FOREIGN KEY (course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT lessons_course_id_title_key UNIQUE (course_id, title),
    CONSTRAINT lessons_title_check
    CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT lessons_body_check
    CHECK (char_length(body) BETWEEN 1 AND 20000),
    CONSTRAINT lessons_sort_order_check
    CHECK (sort_order BETWEEN 0 AND 10000)
);

CREATE INDEX lessons_course_id_sort_order_id_idx
ON lessons (course_id, sort_order, id);

CREATE TABLE quizzes (
    id bigint GENERATED ALWAYS AS IDENTITY,
    course_id bigint NOT NULL,
    title text NOT NULL,
    pass_percent integer NOT NULL,
    max_attempts integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT quizzes_pkey PRIMARY KEY (id),
    CONSTRAINT quizzes_course_id_fkey
    FOREIGN KEY (course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT quizzes_course_id_title_key UNIQUE (course_id, title),
    CONSTRAINT quizzes_title_check
    CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT quizzes_pass_percent_check
    CHECK (pass_percent BETWEEN 1 AND 100),
    CONSTRAINT quizzes_max_attempts_check
    CHECK (max_attempts BETWEEN 1 AND 20)
);

CREATE INDEX quizzes_course_id_id_idx ON quizzes (course_id, id);

CREATE TABLE quiz_questions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    quiz_id bigint NOT NULL,
    question_no integer NOT NULL,
    prompt text NOT NULL,
    CONSTRAINT quiz_questions_pkey PRIMARY KEY (id),
    CONSTRAINT quiz_questions_quiz_id_fkey
    FOREIGN KEY (quiz_id) REFERENCES quizzes (id) ON DELETE CASCADE,
    CONSTRAINT quiz_questions_quiz_id_question_no_key
    UNIQUE (quiz_id, question_no),
    CONSTRAINT quiz_questions_question_no_check
    CHECK (question_no BETWEEN 1 AND 30),
    CONSTRAINT quiz_questions_prompt_check
    CHECK (char_length(prompt) BETWEEN 1 AND 1000)
);

CREATE TABLE quiz_options (
    id bigint GENERATED ALWAYS AS IDENTITY,
    question_id bigint NOT NULL,
    option_no integer NOT NULL,
    option_text text NOT NULL,
    is_correct boolean NOT NULL,
    CONSTRAINT quiz_options_pkey PRIMARY KEY (id),
    CONSTRAINT quiz_options_question_id_fkey
    FOREIGN KEY (question_id) REFERENCES quiz_questions (id)
    ON DELETE CASCADE,
    CONSTRAINT quiz_options_question_id_option_no_key
    UNIQUE (question_id, option_no),
    CONSTRAINT quiz_options_option_no_check
    CHECK (option_no BETWEEN 1 AND 6),
    CONSTRAINT quiz_options_option_text_check
    CHECK (char_length(option_text) BETWEEN 1 AND 300)
);

CREATE TABLE assignments (
    id bigint GENERATED ALWAYS AS IDENTITY,
    course_id bigint NOT NULL,
    title text NOT NULL,
    instructions text NOT NULL,
    pass_score integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT assignments_pkey PRIMARY KEY (id),
    CONSTRAINT assignments_course_id_fkey
    FOREIGN KEY (course_id) REFERENCES courses (id) ON DELETE CASCADE,
    CONSTRAINT assignments_course_id_title_key UNIQUE (course_id, title),
    CONSTRAINT assignments_title_check
    CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT assignments_instructions_check
    CHECK (char_length(instructions) <= 5000),
    CONSTRAINT assignments_pass_score_check
    CHECK (pass_score BETWEEN 0 AND 100)
);

CREATE INDEX assignments_course_id_id_idx ON assignments (course_id, id);

CREATE TABLE enrolments (
    id bigint GENERATED ALWAYS AS IDENTITY,
    course_id bigint NOT NULL,
    learner_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT enrolments_pkey PRIMARY KEY (id),
    CONSTRAINT enrolments_course_id_fkey
    FOREIGN KEY (course_id) REFERENCES courses (id) ON DELETE RESTRICT,
    CONSTRAINT enrolments_learner_id_fkey
    FOREIGN KEY (learner_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT enrolments_course_id_learner_id_key
    UNIQUE (course_id, learner_id)
);

CREATE INDEX enrolments_learner_id_id_idx ON enrolments (learner_id, id);

CREATE TABLE lesson_completions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    enrolment_id bigint NOT NULL,
    lesson_id bigint NOT NULL,
    completed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lesson_completions_pkey PRIMARY KEY (id),
    CONSTRAINT lesson_completions_enrolment_id_fkey
    FOREIGN KEY (enrolment_id) REFERENCES enrolments (id)
    ON DELETE RESTRICT,
    CONSTRAINT lesson_completions_lesson_id_fkey
    FOREIGN KEY (lesson_id) REFERENCES lessons (id) ON DELETE RESTRICT,
    CONSTRAINT lesson_completions_enrolment_id_lesson_id_key
    UNIQUE (enrolment_id, lesson_id)
);

CREATE INDEX lesson_completions_lesson_id_idx
ON lesson_completions (lesson_id);

CREATE TABLE attempts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    enrolment_id bigint NOT NULL,
    quiz_id bigint NOT NULL,
    attempt_no integer NOT NULL,
    status text NOT NULL DEFAULT 'in_progress',
    answers integer [],
    score_percent integer,
    passed boolean,
    started_at timestamptz NOT NULL DEFAULT now(),
    submitted_at timestamptz,
    CONSTRAINT attempts_pkey PRIMARY KEY (id),
    CONSTRAINT attempts_enrolment_id_fkey
    FOREIGN KEY (enrolment_id) REFERENCES enrolments (id)
    ON DELETE RESTRICT,
    CONSTRAINT attempts_quiz_id_fkey
    FOREIGN KEY (quiz_id) REFERENCES quizzes (id) ON DELETE RESTRICT,
    CONSTRAINT attempts_enrolment_id_quiz_id_attempt_no_key
    UNIQUE (enrolment_id, quiz_id, attempt_no),
    CONSTRAINT attempts_attempt_no_check
    CHECK (attempt_no BETWEEN 1 AND 20),
    CONSTRAINT attempts_status_check
    CHECK (status IN ('in_progress', 'submitted')),
    CONSTRAINT attempts_answers_check
    CHECK (
        answers IS NULL
        OR (
            cardinality(answers) BETWEEN 1 AND 30
            AND array_position(answers, CAST(NULL AS integer)) IS NULL
            AND 0 <= ALL(answers)
            AND 6 >= ALL(answers)
        )
    ),
    CONSTRAINT attempts_score_percent_check
    CHECK (score_percent BETWEEN 0 AND 100),
    CONSTRAINT attempts_result_check
    CHECK (
        (
            status = 'in_progress'
            AND answers IS NULL
            AND score_percent IS NULL
            AND passed IS NULL
            AND submitted_at IS NULL
        )
        OR (
            status = 'submitted'
            AND answers IS NOT NULL
            AND score_percent IS NOT NULL
            AND passed IS NOT NULL
            AND submitted_at IS NOT NULL
        )
    )
);

CREATE INDEX attempts_quiz_id_id_idx ON attempts (quiz_id, id);
CREATE UNIQUE INDEX attempts_in_progress_key
ON attempts (enrolment_id, quiz_id)
WHERE status = 'in_progress';

CREATE TABLE submissions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    assignment_id bigint NOT NULL,
    enrolment_id bigint NOT NULL,
    body text NOT NULL,
    status text NOT NULL DEFAULT 'submitted',
    score integer,
    feedback text,
    submitted_at timestamptz NOT NULL DEFAULT now(),
    graded_at timestamptz,
    CONSTRAINT submissions_pkey PRIMARY KEY (id),
    CONSTRAINT submissions_assignment_id_fkey
    FOREIGN KEY (assignment_id) REFERENCES assignments (id)
    ON DELETE RESTRICT,
    CONSTRAINT submissions_enrolment_id_fkey
    FOREIGN KEY (enrolment_id) REFERENCES enrolments (id)
    ON DELETE RESTRICT,
    CONSTRAINT submissions_body_check
    CHECK (char_length(body) BETWEEN 1 AND 10000),
    CONSTRAINT submissions_status_check
    CHECK (status IN ('submitted', 'passed', 'failed')),
    CONSTRAINT submissions_score_check
    CHECK (score BETWEEN 0 AND 100),
    CONSTRAINT submissions_feedback_check
    CHECK (char_length(feedback) <= 2000),
    CONSTRAINT submissions_grade_check
    CHECK (
        (
            status = 'submitted'
            AND score IS NULL
            AND feedback IS NULL
            AND graded_at IS NULL
        )
        OR (
            status IN ('passed', 'failed')
            AND score IS NOT NULL
            AND feedback IS NOT NULL
            AND graded_at IS NOT NULL
        )
    )
);

CREATE INDEX submissions_assignment_id_id_idx
ON submissions (assignment_id, id);
CREATE INDEX submissions_enrolment_id_assignment_id_id_idx
ON submissions (enrolment_id, assignment_id, id);
CREATE UNIQUE INDEX submissions_live_key
ON submissions (enrolment_id, assignment_id)
WHERE status IN ('submitted', 'passed');

CREATE TABLE certificates (
    id bigint GENERATED ALWAYS AS IDENTITY,
    enrolment_id bigint NOT NULL,
    learner_name text NOT NULL,
    course_title text NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT certificates_pkey PRIMARY KEY (id),
    CONSTRAINT certificates_enrolment_id_fkey
    FOREIGN KEY (enrolment_id) REFERENCES enrolments (id)
    ON DELETE RESTRICT,
    CONSTRAINT certificates_enrolment_id_key UNIQUE (enrolment_id),
    CONSTRAINT certificates_learner_name_check
    CHECK (char_length(learner_name) BETWEEN 1 AND 200),
    CONSTRAINT certificates_course_title_check
    CHECK (char_length(course_title) BETWEEN 1 AND 200)
);
