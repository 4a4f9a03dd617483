"""Writes test/golden/*.safetensors: the results of PyTorch and Hugging Face transformers for the micro models.

Run it by hand (needs torch, transformers, safetensors); the tests read the files and need no Python:
    python scripts/golden/make_golden.py
Made with torch 2.13 and transformers 5.23 (rotary: 2.15 and 5.24), in float32 on the CPU.
"""

import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.optimization import Adafactor

ROOT = pathlib.Path(__file__).resolve().parents[2]
BATCH, POSITIONS, TARGETS = 3, 10, 4
LEARNING_RATE, BETAS, EPSILON, DECAY, CLIP = 1e-2, (0.9, 0.95), 1e-8, 0.1, 1.0
STEPS = 10


def build(name, seed):
    """Returns a model with weights large enough that no gradient is near rounding noise."""
    torch.manual_seed(seed)
    config = LlamaConfig.from_pretrained(ROOT / "models" / name, attn_implementation="eager")
    model = LlamaForCausalLM(config).float()
    with torch.no_grad():
        for parameter in model.parameters():
            mean = 0.0 if parameter.dim() == 2 else 1.0
            parameter.copy_(mean + 0.2 * torch.randn_like(parameter))
    return model


def sparse_targets(vocabulary, rows=BATCH * POSITIONS):
    """Returns weights that do not sum to 1, padding (weight 0), a repeated id and a position without a target."""
    ids = torch.randint(vocabulary, (rows, TARGETS))
    weights = torch.rand(rows, TARGETS)
    weights[::3, -1] = 0.0
    ids[1, 1] = ids[1, 0]
    weights[2] = 0.0
    return ids, weights


def sparse_loss(logits, ids, weights):
    scored = F.log_softmax(logits, dim=-1).reshape(-1, logits.shape[-1]).gather(1, ids)
    return -(weights * scored).sum() / ids.shape[0]


def gradients(model, loss, prefix):
    model.zero_grad()
    loss.backward()
    return {prefix + name: p.grad.clone() for name, p in model.named_parameters()}


def training(model, tokens, ids, weights, optimizer):
    """Returns the losses before each of ten steps with global-norm clipping, and the final weights."""
    losses, norms = [], []
    for _ in range(STEPS):
        loss = sparse_loss(model(tokens).logits, ids, weights)
        optimizer.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP).detach())
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), torch.stack(norms)


def adamw(model):
    matrices = [p for p in model.parameters() if p.dim() == 2]
    scales = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": matrices, "weight_decay": DECAY}, {"params": scales, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=BETAS, eps=EPSILON)


def adafactor(model, relative):
    """Adafactor of Shazeer and Stern (arXiv 1804.04235) as in transformers, without momentum and decay."""
    return Adafactor(
        model.parameters(),
        lr=None if relative else LEARNING_RATE,
        eps=(1e-30, 1e-3),
        clip_threshold=1.0,
        decay_rate=-0.8,
        beta1=None,
        weight_decay=0.0,
        scale_parameter=relative,
        relative_step=relative,
        warmup_init=False,
    )


def reference_adafactor(parameters, gradient_list, relative):
    """Algorithms 4 and 5 of the paper in float64, to verify the library."""
    state = [None] * len(parameters)
    values = [p.double().clone() for p in parameters]
    for step, grads in enumerate(gradient_list, start=1):
        beta = 1 - step**-0.8
        for i, grad in enumerate(grads):
            square = grad.double() ** 2 + 1e-30
            if grad.dim() == 2:
                rows, columns = state[i] or (torch.zeros(grad.shape[0]).double(), torch.zeros(grad.shape[1]).double())
                rows = beta * rows + (1 - beta) * square.mean(1)
                columns = beta * columns + (1 - beta) * square.mean(0)
                state[i] = (rows, columns)
                second = rows[:, None] * columns[None, :] / rows.mean()
            else:
                previous = state[i] if state[i] is not None else torch.zeros_like(square)
                second = state[i] = beta * previous + (1 - beta) * square
            update = grad.double() / second.sqrt()
            update = update / max(1.0, update.square().mean().sqrt().item())
            rate = LEARNING_RATE
            if relative:
                rate = max(1e-3, values[i].square().mean().sqrt().item()) * min(1e-2, 1 / math.sqrt(step))
            values[i] = values[i] - rate * update
    return values


def check_adafactor(model, relative):
    start = [p.detach().clone() for p in model.parameters()]
    optimizer = adafactor(model, relative)
    history = []
    for _ in range(4):
        grads = [torch.randn_like(p) for p in start]
        history.append(grads)
        for p, grad in zip(model.parameters(), grads):
            p.grad = grad.clone()
        optimizer.step()
    for value, p in zip(reference_adafactor(start, history, relative), model.parameters()):
        torch.testing.assert_close(value.float(), p.detach(), rtol=2e-5, atol=2e-6)


def long_rows(model):
    """Returns rows that are long enough for several attention blocks, the last one shorter."""
    vocabulary = model.config.vocab_size
    tokens = torch.randint(vocabulary, (2, 155))
    ids, weights = sparse_targets(vocabulary, tokens.numel())
    loss = sparse_loss(model(tokens).logits, ids, weights)
    out = {"long.tokens": tokens, "long.targetIds": ids, "long.targetWeights": weights, "long.loss": loss.detach()}
    return out | gradients(model, loss, "long.gradient.")


SCALINGS = {
    "linear": {"rope_type": "linear", "factor": 4.0},
    "llama3": {
        "rope_type": "llama3",
        "factor": 8.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 32,
    },
}


def rotary(name, seed):
    """Computes the logits of one model without rotary scaling and with each scaling that Brine supports."""
    model = build(name, seed)
    tokens = torch.randint(model.config.vocab_size, (2, 32))
    out = {"tokens": tokens} | {f"parameter.{n}": p.detach().clone() for n, p in model.named_parameters()}
    for kind, scaling in {"default": {"rope_type": "default"}, **SCALINGS}.items():
        theta = 500.0  # gives wavelengths below, between and above the bounds of llama3
        config = LlamaConfig.from_pretrained(
            ROOT / "models" / name, attn_implementation="eager", rope_parameters={**scaling, "rope_theta": theta}
        )
        scaled = LlamaForCausalLM(config).float()
        scaled.load_state_dict(model.state_dict())
        out[f"{kind}.logits"] = scaled(tokens).logits.detach().reshape(-1, config.vocab_size).clone()
        print(f"rotary {kind}: {scaled.model.rotary_emb.inv_freq.tolist()}")
    path = ROOT / "test" / "golden" / "rotary.safetensors"
    save_file({n: t.contiguous() for n, t in out.items()}, path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


def golden(name, seed):
    check_adafactor(build(name, seed), True)
    check_adafactor(build(name, seed), False)
    model = build(name, seed)
    vocabulary = model.config.vocab_size
    tokens = torch.randint(vocabulary, (BATCH, POSITIONS))
    ids, weights = sparse_targets(vocabulary)
    teacher = torch.softmax(2 * torch.randn(BATCH * POSITIONS, vocabulary), dim=-1)
    out = {"tokens": tokens, "targetIds": ids, "targetWeights": weights, "teacher": teacher}
    out |= {f"parameter.{n}": p.detach().clone() for n, p in model.named_parameters()}
    logits = model(tokens).logits
    loss = sparse_loss(logits, ids, weights)
    out["logits"], out["loss"] = logits.detach().reshape(-1, vocabulary).clone(), loss.detach()
    out |= gradients(model, loss, "gradient.")
    # Dense distillation: the mean of KL(teacher || student) over positions.
    predicted = F.log_softmax(model(tokens).logits.reshape(-1, vocabulary), dim=-1)
    divergence = F.kl_div(predicted, teacher, reduction="batchmean")
    out["divergence"] = divergence.detach()
    out["teacherEntropy"] = torch.special.entr(teacher).sum(-1).mean()
    out |= gradients(model, divergence, "divergence.")
    for kind, make in [
        ("adamw", adamw),
        ("adafactorRelative", lambda m: adafactor(m, True)),
        ("adafactor", lambda m: adafactor(m, False)),
    ]:
        trained = build(name, seed)
        out[f"{kind}.losses"], out[f"{kind}.norms"] = training(trained, tokens, ids, weights, make(trained))
        out |= {f"{kind}.{n}": p.detach().clone() for n, p in trained.named_parameters()}
    if name == "micro-tied":
        out |= long_rows(build(name, seed))
    path = ROOT / "test" / "golden" / f"{name}.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({n: t.contiguous() for n, t in out.items()}, path)
    print(f"{path.relative_to(ROOT)}: loss {loss.item():.6f}, {path.stat().st_size} bytes")


if __name__ == "__main__":
    torch.set_num_threads(1)
    golden("micro-tied", 1)
    golden("micro-untied", 2)
    rotary("micro-untied", 3)
