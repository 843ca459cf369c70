# Two commands: `make run` and `make test`, on a machine that has Python 3.11, git and make.

.PHONY: run test check bench soak clean

run:
	@python3 -m ops.bootstrap run

test:
	@python3 -m ops.bootstrap test $(ARGS)

check:
	@python3 -m ops.bootstrap check

bench:
	@python3 -m ops.bootstrap bench $(ARGS)

soak:
	@python3 -m ops.bootstrap soak $(ARGS)

clean:
	@python3 -m ops.cluster remove
	rm -rf .venv .local map_frontend/static/vendor map_frontend/assets/node_modules
